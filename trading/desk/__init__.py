"""The one door: everything a front may ask of trading."""
