"""What a link into the chat opens is said by the beginning of its payload: t.me/<bot>?start=<payload>.

Invites have no prefix. Their codes are hexadecimal, so that none begins like a prefix by chance.
"""

from __future__ import annotations

SHARED = "s_"
"""Settings that somebody has shared."""
