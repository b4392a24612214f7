"""How things look and are said: drawings, icons, the version for elders, days and amounts in words."""
