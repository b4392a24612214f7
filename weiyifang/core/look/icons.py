"""The line drawings used as icons, by name: 24 × 24, drawn with the pen of `.i` in `static/css/base.css`.

An icon never stands without a word. To add one, keep to whole and half units and to a pen of 1.8.
"""

from __future__ import annotations

from django.utils.safestring import SafeString, mark_safe

ICONS: dict[str, str] = {
    "activity": '<rect x="3.5" y="5" width="17" height="15.5" rx="2.5"/><path d="M3.5 10h17M8 2.8v4M16 2.8v4"/>'
    '<circle cx="12" cy="15" r="1.6"/>',
    "alert": '<path d="M12 3.8 21.5 20h-19zM12 10v4.5M12 17.3v.2"/>',
    "back": '<path d="m14.5 5-7 7 7 7"/>',
    "bell": '<path d="M6 16.5v-6a6 6 0 0 1 12 0v6l1.5 2h-15zM10 21h4"/>',
    "bike": '<circle cx="6" cy="16.5" r="3.5"/><circle cx="18" cy="16.5" r="3.5"/>'
    '<path d="M6 16.5 9.5 9h6l2.5 7.5M9.5 9 12 16.5l3.5-7.5M8 7h3M15.5 9l-.8-3H17"/>',
    "board": '<path d="M3 4.5h18M5 4.5c0 5-1 9-2 12M19 4.5c0 5 1 9 2 12M3 20h18M9 16c0-2 1.3-3 3-3s3 1 3 3"/>'
    '<circle cx="12" cy="10" r="1.8"/>',
    "bowl": '<path d="M3 11.5h18c0 4.6-3.4 8-9 8s-9-3.4-9-8ZM8.5 8.5c-1-1.3 1-2.3 0-4'
    'M12.5 8.5c-1-1.3 1-2.3 0-4M16.5 8.5c-1-1.3 1-2.3 0-4"/>',
    "check": '<path d="m5 12.5 4.6 4.7L19.5 7"/>',
    "clock": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5.3l3.5 2"/>',
    "close": '<path d="M6 6l12 12M18 6 6 18"/>',
    "contrast": '<circle cx="12" cy="12" r="8.5"/><path d="M12 3.5v17M12 7h6.5M12 12h8.5M12 17h6.5"/>',
    "door": '<path d="M6 20.5V4h12v16.5M3.5 20.5h17M14.5 12v1"/>',
    "download": '<path d="M12 4v11.5M7 11l5 5 5-5M4.5 20h15"/>',
    "edit": '<path d="M4 20h4L19.5 8.5l-4-4L4 16zM13 7l4 4"/>',
    "fund": '<path d="M5 4.5h11.5a2 2 0 0 1 2 2v13H7a2 2 0 0 1-2-2zM5 17.5a2 2 0 0 1 2-2h11.5M9 8h6M9 11.2h6"/>',
    "gift": '<path d="M4 11h16v9.5H4zM3 7.5h18V11H3zM12 7.5v13M12 7.5C9 7.5 7.5 6.5 7.5 5S9 3 10 3.5s2 2 2 4'
    'c0-2 1-3.5 2-4s2.5 0 2.5 1.5-1.5 2.5-4.5 2.5Z"/>',
    "heart": '<path d="M12 20C6 15.8 3.5 12.7 3.5 9.3A4.6 4.6 0 0 1 12 6.9a4.6 4.6 0 0 1 8.5 2.4'
    'c0 3.4-2.5 6.5-8.5 10.7Z"/>',
    "home": '<path d="M3.5 11.5 12 4l8.5 7.5M6 10v9.5h12V10M10 19.5v-5h4v5"/>',
    "key": '<circle cx="8" cy="15.5" r="4.5"/><path d="M11.2 12.3 20 3.5M16 7.5l3 3M13.5 10l2 2"/>',
    "language": '<circle cx="12" cy="12" r="8.5"/><path d="M3.5 12h17M12 3.5c5 5 5 12 0 17M12 3.5c-5 5-5 12 0 17"/>',
    "letters": '<path d="M2.5 19 8 5l5.5 14M4.5 14.5h7M14.5 19l3.5-8.5 3.5 8.5M15.7 16.5h4.6"/>',
    "list": '<path d="M8.5 6h12M8.5 12h12M8.5 18h12M4 6h.1M4 12h.1M4 18h.1"/>',
    "lock": '<path d="M6 11V8a6 6 0 0 1 12 0v3M4.5 11h15v9.5h-15zM12 14.5v2.5"/>',
    "menu": '<path d="M4 6.5h16M4 12h16M4 17.5h16"/>',
    "minus": '<path d="M5 12h14"/>',
    "more": '<path d="m9 5 7 7-7 7"/>',
    "offline": '<path d="M7 18.5a4.3 4.3 0 0 1-.5-8.5 5.8 5.8 0 0 1 11.2 1.2 3.7 3.7 0 0 1-.2 7.3M3.5 3.5l17 17"/>',
    "paper": '<path d="M6 3.5h8l4 4v13H6zM14 3.5v4h4M9 12h6M9 15.5h6"/>',
    "people": '<circle cx="9" cy="8.5" r="3.5"/><path d="M2.5 20c.6-3.9 3-5.6 6.5-5.6s5.9 1.7 6.5 5.6'
    'M15.5 5.3a3.5 3.5 0 0 1 0 6.4M17.5 14.7c2.3.6 3.6 2.3 4 5.3"/>',
    "person": '<circle cx="12" cy="8" r="4"/><path d="M4 20.5c.8-4.2 3.9-6 8-6s7.2 1.8 8 6"/>',
    "phone": '<path d="M6.5 3.5 9.7 4l1.3 4-2.1 1.8a13 13 0 0 0 5.3 5.3L16 13l4 1.3.5 3.2c-.6 2-2 3-3.7 3'
    'C10 19.8 4.2 14 3.5 7.2c0-1.7 1-3.1 3-3.7Z"/>',
    "picture": '<rect x="3.5" y="5" width="17" height="14" rx="2"/><circle cx="9" cy="10" r="1.6"/>'
    '<path d="m4 17 5-4 3 2.5 4-4.5 4.5 5"/>',
    "pin": '<path d="M12 21c4.6-4.8 7-8.2 7-11.2A7 7 0 0 0 5 9.8C5 12.8 7.4 16.2 12 21Z"/>'
    '<circle cx="12" cy="9.8" r="2.6"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "pot": '<path d="M5 10h14v7.5a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2zM3 12h2M19 12h2M8 7h8M12 4.5V7"/>',
    "print": '<path d="M7 8.5v-5h10v5M7 17H4V8.5h16V17h-3M7 14h10v6.5H7z"/>',
    "scale": '<path d="M12 4v16M7 20h10M5 7h14M5 7l-2.5 6.5h5zM19 7l-2.5 6.5h5z"/>',
    "search": '<circle cx="10.5" cy="10.5" r="6.5"/><path d="m15.5 15.5 5 5"/>',
    "share": '<circle cx="6" cy="12" r="2.5"/><circle cx="17.5" cy="6" r="2.5"/><circle cx="17.5" cy="18" r="2.5"/>'
    '<path d="m8.3 10.9 7-3.7M8.3 13.1l7 3.7"/>',
    "sound": '<path d="M4 9.5v5h3.5l5 4.5V5l-5 4.5zM16 9a4.2 4.2 0 0 1 0 6M18.5 6.5a8 8 0 0 1 0 11"/>',
    "speech": '<path d="M4 5.5h16v10.8h-8.5L7.5 20v-3.7H4z"/><path d="M8 10h8M8 13h5"/>',
    "star": '<path d="m12 3.5 2.6 5.4 5.9.8-4.3 4.1 1 5.9L12 16.9l-5.2 2.8 1-5.9-4.3-4.1 5.9-.8z"/>',
    "stop": '<rect x="6" y="6" width="12" height="12" rx="2"/>',
    "sun": '<circle cx="12" cy="12" r="4"/><path d="M12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4'
    'M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4"/>',
    "undo": '<path d="M8.5 5 4 9.5 8.5 14M4 9.5h9.5a6 6 0 0 1 0 10H9"/>',
    "upload": '<path d="M12 16V4.5M7 9l5-5 5 5M4.5 20h15"/>',
    "vote": '<path d="M4 12v8h16v-8M2.8 12h18.4M8 12V4.5h8V12M10.2 8.4l1.4 1.4 2.6-2.9"/>',
}

ICONS |= {  # the same drawing for another thing
    "calendar": ICONS["activity"],
    "book": ICONS["fund"],
    "article": ICONS["paper"],
    "ballot": ICONS["vote"],
}


class NoSuchIcon(LookupError):
    """A template asked for an icon that nobody has drawn."""


def icon(name: str, extra: str = "") -> SafeString:
    """The icon as inline SVG, hidden from screen readers; `extra` is one more class. Raises `NoSuchIcon`."""
    try:
        lines = ICONS[name]
    except KeyError:
        raise NoSuchIcon(f"{name!r} is not in weiyifang/core/look/icons.py") from None
    classes = f"i {extra}".strip()
    drawing = f'<svg class="{classes}" viewBox="0 0 24 24" aria-hidden="true">{lines}</svg>'
    return mark_safe(drawing)  # noqa: S308 - constants of ours and a class name of a template
