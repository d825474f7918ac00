"""People as admins see them: the list, one of them, and invites. Counts only: what is in a bot is its owner's."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram.types import InlineKeyboardButton

from tgbot import figures
from tgbot.callbacks import (
    DecideAccess,
    Go,
    LetBackMember,
    LikeEverybody,
    MakeInvite,
    MemberAct,
    OnMember,
    Page,
    PeoplePage,
    RemoveMember,
    SuspendMember,
    WithdrawInvite,
)
from tgbot.cards.card import Card, Row, blocks, button, lines
from tgbot.cards.clocks import times_line
from tgbot.cards.system import admin_button
from tgbot.words import Html, Words
from trading.core.instrument import plain
from trading.desk.member_answers import Invite, Member, OpenInvite

ON_A_PAGE = 8
INVITE_HOURS = (24, 24 * 7, 0)
"""What can be chosen; 0: it does not expire."""

_MARKS = {"active": "🟢", "pending": "⏳", "suspended": "⏸", "refused": "🚫"}
_STATES = {
    "active": "member-active",
    "pending": "member-pending",
    "suspended": "member-suspended",
    "refused": "member-refused",
}
# Who waits for an answer comes first.
_ORDER = ("pending", "active", "suspended", "refused")


def people_card(words: Words, members: Sequence[Member], page: int) -> Card:
    everybody = sorted(members, key=lambda each: _ORDER.index(each.status))
    pages = max(1, -(-len(everybody) // ON_A_PAGE))
    page = min(max(0, page), pages - 1)
    rows: list[Row] = [
        [button(_line(words, each), OnMember(act=MemberAct.OPEN, person=each.id))]
        for each in everybody[page * ON_A_PAGE : (page + 1) * ON_A_PAGE]
    ]
    turning = [
        *([button("‹", PeoplePage(number=page - 1))] if page else []),
        *([button("›", PeoplePage(number=page + 1))] if page < pages - 1 else []),
    ]
    text = lines(
        words("people-title", count=str(len(members))),
        words("people-page", page=str(page + 1), pages=str(pages)) if pages > 1 else None,
        words("people-legend"),
        times_line(words, max(seen)) if (seen := [each.seen_at for each in everybody if each.seen_at]) else None,
    )
    invite = button(words.plain("button-invites"), Go(page=Page.INVITES))
    return Card(text, [*rows, turning, [invite, admin_button(words)]])


def member_card(words: Words, member: Member) -> Card:
    username = f"@{member.username}" if member.username else ""
    state = words("member-admin" if member.is_admin else _STATES[member.status])
    text = blocks(
        lines(
            words("member-title", name=member.name, username=username, id=str(member.id)),
            words("member-state", mark=_mark(member), state=state),
            words("member-deaf") if member.is_deaf else None,
        ),
        lines(
            words("member-since", at=figures.local(member.created_at, words.zone)),
            words("member-seen", at=figures.local(member.seen_at, words.zone))
            if member.seen_at
            else words("member-never-seen"),
            times_line(words, member.seen_at or member.created_at),
            words("member-bots", active=str(member.active_bots), all=str(member.bots), keys=str(member.keys)),
        ),
        lines(
            words("member-max-deposit", limit=_max_deposit(words, member)),
            words("member-max-bots", limit=str(member.max_bots), own=_own(words, member.has_own_bots)),
        )
        if member.status in ("active", "suspended")
        else None,
        words("member-untouchable") if member.is_admin else None,
    )
    back = [button(words.plain("button-back"), Go(page=Page.PEOPLE)), admin_button(words)]
    return Card(text, [*_acts(words, member), back])


def _acts(words: Words, member: Member) -> list[Row]:
    if member.is_admin:
        return []

    def on(key: str, act: MemberAct) -> Row:
        return [button(words.plain(key), OnMember(act=act, person=member.id))]

    limits = [
        *on("button-max-deposit", MemberAct.MAX_DEPOSIT),
        *on("button-max-bots", MemberAct.MAX_BOTS),
    ]
    approve = button(words.plain("button-approve"), DecideAccess(person=member.id, approve=True))
    refuse = button(words.plain("button-refuse"), DecideAccess(person=member.id, approve=False))
    suspend, remove = on("button-suspend", MemberAct.SUSPEND), on("button-remove", MemberAct.REMOVE)
    match member.status:
        case "active":
            return [limits, [*suspend, *remove]]
        case "suspended":
            return [limits, [*on("button-let-back", MemberAct.SUSPEND), *remove]]
        case "pending":
            return [[approve, refuse], remove]
        case _:
            return [[approve], remove]


def suspend_card(words: Words, member: Member, token: str) -> Card:
    """Suspends an active person, lets a suspended one back; says what becomes of their bots."""
    if member.status == "suspended":
        yes = button(words.plain("button-let-back-yes"), LetBackMember(person=member.id, token=token))
        return Card(words("let-back-sure", name=member.name), [[yes], [_back(words, member)]])
    yes = button(words.plain("button-suspend-yes"), SuspendMember(person=member.id, token=token))
    text = words("suspend-sure", name=member.name, bots=member.active_bots)
    return Card(text, [[yes], [_back(words, member)]])


def remove_card(words: Words, member: Member, token: str, problem: Html | None = None) -> Card:
    text = blocks(problem, words("remove-sure", name=member.name, bots=member.active_bots, keys=member.keys))
    yes = button(words.plain("button-remove-yes"), RemoveMember(person=member.id, token=token))
    return Card(text, [[yes], [_back(words, member)]])


def limit_card(words: Words, member: Member, act: MemberAct, problem: Html | None = None) -> Card:
    """Asks for a number, and offers what everybody has."""
    key = "ask-max-deposit" if act is MemberAct.MAX_DEPOSIT else "ask-max-bots"
    has_own = member.has_own_deposit if act is MemberAct.MAX_DEPOSIT else member.has_own_bots
    now = _max_deposit(words, member) if act is MemberAct.MAX_DEPOSIT else str(member.max_bots)
    text = blocks(problem, words(key, name=member.name, now=now))
    everybody = button(words.plain("button-like-everybody"), LikeEverybody(limit=act, person=member.id))
    return Card(text, [[everybody] if has_own else [], [_back(words, member)]])


def invites_card(words: Words, invites: Sequence[OpenInvite]) -> Card:
    choices = [
        button(words.plain("button-invite-for", hours=hours, days=hours // 24), MakeInvite(hours=hours))
        for hours in INVITE_HOURS
    ]
    withdraw: list[Row] = [
        [
            button(
                words.plain(
                    "button-withdraw-invite", number=str(each.id), made=figures.local(each.made_at, words.zone)
                ),
                WithdrawInvite(invite=each.id),
            )
        ]
        for each in invites[:ON_A_PAGE]
    ]
    text = blocks(
        lines(words("invites-title"), words("invites-what")),
        lines(words("invites-open", count=len(invites)), *(_open_line(words, each) for each in invites[:ON_A_PAGE]))
        if invites
        else words("invites-none"),
        times_line(words, invites[-1].made_at) if invites else None,
    )
    people = button(words.plain("button-back"), Go(page=Page.PEOPLE))
    return Card(text, [choices, *withdraw, [people, admin_button(words)]])


def invite_card(words: Words, invite: Invite, link: str) -> Card:
    """To be passed on: the link works for the first who opens it."""
    until = (
        words("invite-until", at=figures.moment(invite.expires_at, words.zone))
        if invite.expires_at
        else words("invite-for-ever")
    )
    text = blocks(words("invite-made", number=str(invite.id)), words("plain", text=link), until)
    return Card(text, [[button(words.plain("button-invites"), Go(page=Page.INVITES)), admin_button(words)]])


def invite_used_card(words: Words, person_id: int, name: str) -> Card:
    """For the admin who made the invite."""
    look = button(words.plain("button-open"), OnMember(act=MemberAct.OPEN, person=person_id))
    return Card(words("notice-invite_used", name=name, person_id=str(person_id)), [[look]])


def removed_card(words: Words, name: str) -> Card:
    return Card(
        words("removed", name=name), [[button(words.plain("button-back"), Go(page=Page.PEOPLE)), admin_button(words)]]
    )


def _line(words: Words, member: Member) -> str:
    return words.plain(
        "member-line",
        mark=_mark(member),
        name=member.name,
        bots=f"{member.active_bots}/{member.bots}",
        seen=figures.local(member.seen_at, words.zone),
    )


def _open_line(words: Words, invite: OpenInvite) -> Html:
    until = (
        words("invite-until", at=figures.local(invite.expires_at, words.zone))
        if invite.expires_at
        else words("invite-for-ever")
    )
    return words("invite-line", number=str(invite.id), until=until)


def _mark(member: Member) -> str:
    return "🛡" if member.is_admin else "🔕" if member.is_deaf else _MARKS[member.status]


def _max_deposit(words: Words, member: Member) -> Html:
    if member.max_deposit is None:
        return words("limit-none")
    return words("limit-of", limit=plain(member.max_deposit), own=_own(words, member.has_own_deposit))


def _own(words: Words, has_own: bool) -> Html:
    return words("limit-own" if has_own else "limit-everybodys")


def _back(words: Words, member: Member) -> InlineKeyboardButton:
    return button(words.plain("button-back"), OnMember(act=MemberAct.OPEN, person=member.id))
