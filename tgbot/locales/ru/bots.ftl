bots-none = Ботов пока нет.
bots-title = 🤖 <b>Ваши боты</b>: { $count }
bots-legend = 🟢 работает, ⏳ пауза между циклами, ⏸ на паузе, 🟠 останавливается, ⏹ остановлен. Число — чистая прибыль.
bots-more = …и ещё { $count }
bots-line-live = { $mark } #{ $id } { $title } { $profit }
bots-line-unproven = { $mark } 🧪 #{ $id } { $title } { $profit }
bots-line-paper = { $mark } 📄 #{ $id } { $title } { $profit }

bot-title = { $mark } <b>#{ $id } { $title }</b> · { $account }
bot-price = Цена: <b>{ $price }</b>
bot-price-stale = Цена: { $price } (устарела)
bot-orders = Ордеров на бирже: { $count }
bot-no-position = Позиции нет
bot-position-long = Лонг <b>{ $amount } { $base }</b>, средний вход { $average }
bot-position-short = Шорт <b>{ $amount } { $base }</b>, средний вход { $average }
bot-take-profit = Тейк-профит на { $price }
bot-no-take-profit = ⚠️ Тейк-профита на бирже сейчас нет
bot-unrealized = Нереализованная: { $value }
bot-today = Сегодня за вычетом комиссий: <b>{ $value }</b>
bot-today-paper = Сегодня (бумажное время) за вычетом комиссий: <b>{ $value }</b>
bot-realized = Всего за вычетом комиссий: <b>{ $value }</b>, { $cycles ->
    [one] { $cycles } цикл
    [few] { $cycles } цикла
   *[other] { $cycles } циклов
  }
bot-deposit = Депозит { $value }, результат { $percent } %
bot-error = ⚠️ { $error }
bot-paper-note = 📄 Деньги условные.
bot-unproven-note = 🧪 { $venue } не проверена с Makergram: время от времени заглядывайте туда сами.
bot-has-changed = С тех пор бот изменился. Вот как сейчас.

activity-running = Работает
activity-cooling_down = Пауза между циклами
activity-cooling_down-until = Пауза между циклами до { $until }
activity-cooling_down-paper = Пауза между циклами до { $until }, бумажное время
activity-paused = На паузе: новых входов нет, тейк-профит стоит
activity-stopping = Останавливается
activity-stopped = Остановлен
activity-because = { $activity } ({ $cause })

cause-user = по вашей команде
cause-closed_by_user = закрыто вами
cause-panic = паника
cause-errors = слишком много ошибок подряд
cause-credentials = биржа отклонила ключ
cause-maintenance = техработы
cause-crash = наша ошибка; ордера остаются как есть
cause-max_cycles = все циклы пройдены
cause-stop_loss = стоп-лосс
cause-take_profit = тейк-профит
cause-closed_elsewhere = позицию закрыли помимо бота
cause-liquidated = ликвидация
cause-other = { $code }

button-pause = ⏸ Пауза
button-resume = ▶️ Продолжить
button-stop = ⏹ Стоп
button-start = ▶️ Старт
button-orders = 📋 Ордера
button-edit = ✏️ Изменить
refreshed = Обновлено
paused = Пауза. Новых входов нет, тейк-профит стоит.
resumed = Снова работает
stopping = Останавливается. Когда закончит, покажет карточка.
stopped = Остановлен
started = Запущен
starting = Запускаю…
deleted = Удалено

orders-title = 📋 <b>#{ $id } { $title }</b> · { $account }
orders-live = <b>На бирже: { $count }</b>
orders-none = Ордеров на бирже нет.
orders-recent = <b>Последние</b>
column-order = ордер
column-price = цена
column-amount = объём
column-time = время
column-state = статус
side-buy = покупка
side-sell = продажа
role-take_profit = TP
role-stop_loss = SL
role-close = закрытие
order-intended = в очереди
order-sent = отправлен
order-unknown = уточняю
order-open = стоит
order-partly_filled = частично
order-filled = исполнен
order-canceled = снят
order-expired = истёк
order-rejected = отклонён

stop-title = ⏹ <b>Как остановить #{ $id } { $title }?</b> · { $account }
stop-keep_exit = <b>Оставить тейк-профит.</b> Новых входов не будет. Позиция и тейк-профит остаются; бот закончит, когда позиция закроется. До этого возможен убыток.
stop-cancel_orders = <b>Снять все ордера.</b> Вместе с тейк-профитом и стоп-лоссом. Позиция останется на бирже, и закрыть её будет нечему: следите за ней сами.
stop-close_all = <b>Закрыть всё.</b> Снять все ордера и закрыть позицию по рынку сейчас, по той цене, что даст стакан.
stop-sure = <b>Остановить #{ $id } { $title }?</b> · { $account }
button-stop-keep_exit = Оставить тейк-профит
button-stop-cancel_orders = Снять все ордера
button-stop-close_all = Закрыть всё
button-stop-yes-keep_exit = Да, оставить тейк-профит
button-stop-yes-cancel_orders = Да, снять все ордера
button-stop-yes-close_all = Да, закрыть по рынку

start-again = ▶️ <b>Снова запустить #{ $id } { $title }?</b> · { $account }
start-danger = ⚠️ Прочтите предупреждения выше. Всё равно запустить?
delete-bot-sure = 🗑 <b>Удалить #{ $id } { $title }?</b> Вместе с историей (чистая прибыль { $profit }). Вернуть нельзя.


status-title = 📊 <b>Статус</b>
status-live = 💰 <b>Реальные</b>
status-paper = 📄 <b>Бумага</b>
status-total = Нереализованная { $unrealized }, чистая <b>{ $realized }</b> { $quote }
status-legend = ▸ работает, ~ между циклами, ‖ пауза, … останавливается, × остановлен
status-error = ⚠️ #{ $id } { $title }: { $error }
column-bot = #
column-pair = пара
column-position = поз
column-orders = орд
column-unrealized = откр
column-realized = чист

panic-title = 🚨 <b>Снять всё и закрыть прямо сейчас?</b>
panic-what = Все ордера ваших ботов будут сняты, все их позиции закрыты по рынку: реальных { $live }, бумажных { $paper }. Боты остановятся.
panic-slippage = Закрытие по рынку берёт цену, какую даст стакан. Чужие ордера и позиции не трогаю.
panic-begun = 🚨 Снимаю и закрываю…
panic-done = 🚨 <b>Снимаю и закрываю: { $count ->
    [one] { $count } бот
    [few] { $count } бота
   *[other] { $count } ботов
  }.</b>
panic-line = { $mark } #{ $id } { $title }: осталось ордеров { $orders }, позиция { $position }
panic-follows = Что снято и закрыто, сообщу по каждому боту отдельно, в том числе о тех, кто ждёт ответа биржи.
button-panic-yes = 🚨 Да, закрыть всё сейчас
