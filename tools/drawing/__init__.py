"""What `draw_pictures.py` draws with, and what it draws."""
