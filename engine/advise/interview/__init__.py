"""The interview: which question comes next, what an answer means, what it makes true, and the facts file that keeps it."""
