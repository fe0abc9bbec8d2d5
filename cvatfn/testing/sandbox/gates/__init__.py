"""What a request passes on its way to a handler, and what an answer passes on its way back."""
