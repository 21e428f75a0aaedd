"""Running without Docker. Standard library only: this package creates the virtual environment."""
