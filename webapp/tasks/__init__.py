"""One verb a file: `f(now) -> how many rows it handled`, callable without a scheduler."""
