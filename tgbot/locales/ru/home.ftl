home-greeting = 👋 <b>{ $name }</b>, это Makergram: маркет-мейкер, которым управляют из чата.
home-empty = Ботов пока нет. Нажмите <b>Новый бот</b>: на бумаге это минута и ни цента риска.
home-bots = 🤖 Ботов в работе: <b>{ $working }</b> из { $all }
home-today-live = 💰 Реальные, чистыми: сегодня <b>{ $today }</b>, всего <b>{ $all }</b> { $quote }
home-today-paper = 📄 Бумага, чистыми: сегодня (бумажное время) <b>{ $today }</b>, всего <b>{ $all }</b> { $quote }
home-trouble = ⚠️ { $count ->
    [one] У { $count } бота
   *[other] У { $count } ботов
  } проблема: смотрите /status
home-no-trouble = ✅ Проблем нет

help-intro = <b>Что я делаю.</b> Вы выбираете пару и стратегию, смотрите, что она сделает, и жмёте Старт. Я держу ордера на бирже и пишу об исполнениях, тейк-профитах и проблемах.
help-begin = <b>Начало</b>
help-trade = <b>Торговля</b>
help-account = <b>Счёт</b>
help-command = /{ $command } — { $text }
help-paper = 📄 <b>Бумага</b> — условные деньги по реальным правилам, включая ликвидацию. Всегда помечена.
help-risk = ⚠️ Сетка с плечом может потерять весь депозит. Не давайте мне ключ с правом вывода.

command-start = начать или вернуться в меню
command-menu = меню: боты, прибыль за сегодня, все кнопки
command-new = новый бот: пара, настройки, предпросмотр, старт
command-bots = мои боты: пауза, стоп, настройки, ордера
command-status = все боты в одной таблице
command-panic = снять все ордера и закрыть позиции сейчас
command-keys = ключи бирж: добавить, проверить, заменить, удалить
command-settings = язык, уведомления, тихие часы, часовой пояс
command-admin = люди, рассылка, состояние, копия базы (для админов)
command-help = что умеет бот

settings-title = ⚙️ <b>Настройки</b>
settings-about = Язык, что я рассказываю и когда.

admin-title = 🛡 <b>Состояние</b>
admin-bots = Ботов в работе: { $active } из { $total }
admin-users = Людей: { $count }
admin-notices = Уведомлений в очереди: { $count }
admin-database = База данных: { $size } МБ
admin-lag = Задержка цикла событий: { $milliseconds } мс
admin-venues-away = ⚠️ Биржи не отвечают: { $venues }
admin-venues-fine = Биржи: отвечают все
