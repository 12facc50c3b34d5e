"""What becomes of projects that have won."""
