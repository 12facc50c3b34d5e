"""What becomes of the projects that won: boards, money, news, and promises that nothing is heard of."""
