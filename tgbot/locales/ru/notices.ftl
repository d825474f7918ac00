notice-head = <b>#{ $id } { $title }</b> · { $account }
notice-head-gone = <b>{ $title }</b>
notices-more = …и до этого ещё { $count }
notice-bot_started = ▶️ Запущен
notice-bot_paused = ⏸ <b>На паузе</b>: { $cause }
bot-paused-keeps = Новых входов нет. Тейк-профит и стоп-лосс стоят.
notice-bot_resumed = ▶️ Снова работает
notice-bot_stopped = ⏹ <b>Остановлен</b>: { $cause }
bot-stopped-position = На бирже осталась позиция <b>{ $position }</b>. Следите за ней сами.
bot-stopped-flat = Позиции не осталось.
notice-order_refused = ⛔ Ордер отклонён: { $side ->
    [sell] продажа
   *[other] покупка
  } { $amount } по { $price ->
    [none] рынку
   *[other] { $price }
  }
notice-setup_refused = ⛔ <b>Счёт не удалось настроить для этого бота</b>
notice-exit_missing = 🚨 <b>Позиция { $position } без тейк-профита уже { $seconds } с.</b> Продолжаю его ставить.
notice-position_gone = { $liquidated ->
    [yes] 💀 <b>Ликвидация</b> около { $price }: осталось { $found } из { $expected }.
   *[no] ❗ На бирже позиция { $found } вместо { $expected } (около { $price }): её закрыли помимо бота. Цикл закончен.
  }
notice-edit_deferred = ✏️ Вступит в силу со следующего цикла: { $fields }
notice-key_invalid = 🔑 <b>{ $venue } отклоняет ключ «{ $label }».</b> Его боты на паузе, ордера стоят. Посмотрите в /keys.
notice-insufficient_funds = 💸 <b>На счёте не хватает денег</b> на следующий ордер
notice-rate_limited = 🐢 { $venue } просит реже: жду { $seconds } с
notice-venue_away = 📡 <b>{ $venue } не отвечает.</b> Ордера там остаются как есть; продолжаю попытки.
notice-venue_back = 📡 { $venue } снова отвечает, молчала { $seconds }
notice-trading_stalled = 🚨 <b>Торговли нет { $minutes ->
    [one] { $minutes } минуту
    [few] { $minutes } минуты
   *[other] { $minutes } минут
  }</b>, хотя должна быть
notice-unknown_orders = ❔ { $count ->
    [one] { $count } наш ордер был
    [few] { $count } наших ордера были
   *[other] { $count } наших ордеров были
  } на бирже, но не в книгах: { $outcome } ({ $ids })
outcome-adopted = взяты под управление
outcome-canceled = сняты
outcome-foreign_epoch = от прежней установки, не тронуты
outcome-other = { $code }
notice-restored = 🔄 <b>Перезапуск.</b> { $bots ->
    [one] Восстановлен { $bots } бот
    [few] Восстановлено { $bots } бота
   *[other] Восстановлено { $bots } ботов
  }: ордеров принято { $orders }, исполнений учтено { $fills }, потеряно { $lost }
notice-panic_report = 🚨 <b>Паника, готово</b>: { $canceled ->
    [0] снимать было нечего
    [one] снят { $canceled } ордер
    [few] снято { $canceled } ордера
   *[other] снято { $canceled } ордеров
  }, { $price ->
    [none] закрывать было нечего.
   *[other] закрыто <b>{ $closed } { $base }</b> в среднем по { $price }. Прибыль после комиссий: <b>{ $net } { $quote }</b>.
  }{ $left ->
    [none] {""}
   *[other] {" "}⚠️ Остаток слишком мал для биржи: { $left } { $base }.
  }
notice-system_trouble = 🛠 <b>Неполадка системы</b>: { $what }
trouble-database = база данных не пишется; торговля ждёт
trouble-backup = резервная копия не удалась
trouble-disk = диск почти заполнен
trouble-loop = цикл событий опаздывает
trouble-other = { $code }
notice-access_requested = 👤 <b>{ $name }</b> ({ $id }) просит доступ к боту.
notice-access_decided = { $approved ->
    [yes] ✅ Теперь вы можете пользоваться ботом. Нажмите /menu.
   *[no] 🚫 Админы отказали в доступе.
  }
notice-unknown_notice = ❔ Другая версия бота оставила сообщение, которого эта не понимает{ $name ->
    [none] .
   *[other] : <code>{ $name }</code>
  }
