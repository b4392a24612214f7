"""An app in which everything breaks, saying all it was told: `DJANGO_SETTINGS_MODULE=tests.broken.settings`."""
