"""What a typed message would answer. Without a state a message answers nothing."""

from aiogram.fsm.state import State, StatesGroup


class Ask(StatesGroup):
    pairs = State()
    setting = State()
    edit = State()
    draft_name = State()
    preset_name = State()
    venue = State()
    credential = State()
    label = State()
    dates = State()
    candles = State()
    quiet = State()
    zone = State()
    report = State()
    max_deposit = State()
    max_bots = State()
    broadcast = State()
    paper_balance = State()
    paper_seed = State()
    paper_file = State()
