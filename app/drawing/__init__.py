"""Pictures drawn on demand; `app/drawing/pictures.py` is the way in."""

from app.drawing.pictures import SIZE, alt, draw, picture_hash

__all__ = ["SIZE", "alt", "draw", "picture_hash"]
