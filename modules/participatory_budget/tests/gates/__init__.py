"""Who gets in at the addresses of each part of the cycle; matrix.py adds them up."""
