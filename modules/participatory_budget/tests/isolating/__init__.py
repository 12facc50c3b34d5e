"""What the isolation suite needs of each part of the cycle; isolation.py adds them up."""
