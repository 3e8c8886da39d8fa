"""`python -m anhuan` and the console script: hand over to the command line."""

from anhuan.cli.app import app


def main() -> None:
    """Run the command that was typed."""
    app()


if __name__ == "__main__":
    main()
