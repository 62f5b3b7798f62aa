"""The signs on the buttons of a stepper."""

_ICONS = {
    "reset": "M2 2h2v12H2zM14 2v12L5 8z",
    "previous": "M7 2 1 8l6 6 1.4-1.4L4.8 9H15V7H4.8l3.6-3.6z",
    "play": "M3 2v12l11-6z",
    "next": "M9 2l6 6-6 6-1.4-1.4L11.2 9H1V7h10.2L7.6 3.4z",
    "pause": "M3 2h4v12H3zM9 2h4v12H9z",
    "end": "M14 2h-2v12h2zM2 2v12l9-6z",
}


def icon(name: str) -> str:
    """Return the sign of a button as SVG."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" aria-hidden="true">'
        f'<path d="{_ICONS[name]}"/></svg>'
    )
