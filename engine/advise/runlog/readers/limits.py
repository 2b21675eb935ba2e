"""How much of a file is read: what comes from anywhere must not fill the memory."""

MAX_FILE_BYTES = 2 * 1024**3
# Of a compressed file: a few kilobytes of it can hold gigabytes of nothing.
MAX_UNPACKED_BYTES = 512 * 1024**2
MAX_LINE_CHARACTERS = 4 * 1024**2
# Of one text that a line shows: prints of a trainer are shorter by far, and what is longer is no print.
MAX_TEXT_LINE = 64 * 1024
MAX_COLUMNS = 5_000
MAX_RECORDS = 20_000_000
MAX_NAME_CHARACTERS = 200
MAX_LIST_MEMBERS = 64
MAX_DEPTH = 16
# Of a folder: how many of its files are opened to see what they are, how many entries are listed, and in how many folders.
MAX_FILES = 2_000
MAX_ENTRIES = 100_000
MAX_FOLDERS = 20_000
MAX_SETTINGS_BYTES = 1024**2
