"""`python -m monopipe` is `monopipe`."""

from monopipe.cli import main

if __name__ == "__main__":
    main()
