"""`python -m advise`."""

from advise.cli import main

if __name__ == "__main__":
    main()
