"""What comes from a reader and what goes back: the door, who may open what, pages, forms, programs' requests."""
