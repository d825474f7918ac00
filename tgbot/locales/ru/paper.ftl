button-paper = 📄 Бумажный счёт
button-to-keys = 🔑 Ключи
button-paper-balance = 💰 Задать баланс
button-paper-prices = 📈 Цены
button-paper-reset = ♻️ Начать заново
button-paper-reset-yes = ♻️ Да, начать заново
button-paper-stop = ⏹ Остановить { $count ->
    [one] { $count } бумажного бота
    [few] { $count } бумажных ботов
   *[many] { $count } бумажных ботов
  }
button-paper-seed = 🎲 Другое зерно
button-paper-simulated = Выдуманные
button-paper-operator = Запись (сервер)
button-paper-file = 📎 Мой файл
button-paper-switch-yes = ✅ Да, переключить
column-paper-coin = Монета
column-paper-holds = Всего
column-paper-free = Своб.

paper-title = 📄 <b>Бумажный счёт</b>
paper-play = Условные деньги для тренировки: до биржи отсюда ничего не доходит.
paper-empty = На нём ничего нет. Для начала задайте баланс.
paper-equity = Всего примерно <b>{ $equity } USDT</b>
paper-prices-now = Цены: { $prices }
paper-speed = 🕘 Бумажное время идёт { $speed ->
    [one] в { $speed } раз быстрее ваших часов.
    [few] в { $speed } раза быстрее ваших часов.
    [many] в { $speed } раз быстрее ваших часов.
   *[other] со скоростью ×{ $speed } к вашим часам.
  }
paper-speed-real = 🕘 Бумажное время идёт как ваши часы.
paper-running = 🤖 Бумажных ботов в работе: { $count }
paper-away = ⚠️ <b>Цен сейчас нет, поэтому ничего не исполняется.</b> { $detail }
paper-ended = ⏹ Запись кончилась: цена в ней стоит на месте.
paper-kind-simulated = выдуманные
paper-kind-seed = выдуманные, зерно { $seed }
paper-kind-operator = запись на сервере ({ $markets }), остальные выдуманы
paper-kind-uploaded = ваш файл для { $market }, остальные выдуманы
paper-kind-recorded = запись на сервере
paper-kind-file = из вашего файла
paper-kind-live = { $venue }, живые

paper-ask-balance = 📄 💰 <b>Бумажный баланс.</b> Нажмите на монету или пришлите её с количеством: <code>USDT 5000</code>
paper-ask-amount = 📄 💰 Сколько <b>{ $currency }</b> должно быть на бумажном счёте? Сейчас: { $now }. Пришлите число.
paper-less-later = 🤖 Пока бумажные боты работают, балансы их монет можно только увеличить.
paper-amount-odd = ❗ Пришлите монету и число от 0: <code>USDT 5000</code>
paper-reset-sure = 📄 ♻️ <b>Начать бумажный счёт заново?</b> На нём будет столько, сколько на новом. Бумажные ордера, позиции и история исчезнут; записи ваших ботов останутся.
paper-reset-bots = ⚠️ Сначала { $count ->
    [one] остановится { $count } бумажный бот
    [few] остановятся { $count } бумажных бота
   *[many] остановятся { $count } бумажных ботов
  }; потом нажмите ещё раз.
paper-was-reset = Бумажный счёт снова как новый

paper-prices-title = 📄 📈 <b>Чьи цены?</b>
paper-prices-what = <b>Выдуманные</b>: рынок из зерна; то же зерно даёт тот же рынок.
    <b>Живые</b>: настоящие стаканы биржи, бумажные ордера.
    <b>Мой файл</b>: свечи, которые вы пришлёте, идут так, будто это происходит сейчас.
paper-prices-bots = 🤖 { $count ->
    [one] На этих ценах работает { $count } бумажный бот
    [few] На этих ценах работают { $count } бумажных бота
   *[many] На этих ценах работают { $count } бумажных ботов
  }. Сначала остановите, потом выбирайте другие. При остановке ордера снимаются; позиции исчезнут при переключении.
paper-stopping = Останавливаю ботов: { $count }…
paper-stopped = ✅ Все бумажные боты остановлены.
paper-stopping-still = ⏳ Ботов ещё останавливается: { $count }. Загляните чуть позже.
paper-switch-sure = 📄 📈 <b>Переключить бумажные цены? Будут: { $prices }</b>
paper-live-what = Настоящие стаканы в настоящем времени. Чужие сделки не видны, поэтому стоящий ордер исполняется, только когда стакан пересекает его цену: реже, чем исполнился бы там. Пока биржа молчит, ничего не исполняется.
paper-switch-loses = Балансы останутся. Бумажные ордера и позиции исчезнут вместе со старыми ценами.
paper-switched = Бумага теперь торгует по другим ценам
paper-ask-seed = 📄 🎲 Пришлите целое число. То же зерно всегда даёт тот же рынок.
paper-seed-odd = ❗ Зерно — целое число, не больше 17 цифр.
paper-ask-market = 📄 📎 Для какого рынка ваш файл? Остальные останутся выдуманными.
paper-ask-file = 📄 📎 <b>{ $market }.</b> Пришлите CSV-файл со свечами, не больше { $limit } МБ. Я проверю его, и бумага сразу начнёт торговать по нему.
paper-file-example = Его первая строка и одна свеча (время по UTC, сначала старые):
    <pre>timestamp,open,high,low,close,volume
    2024-01-01T00:00:00,0.51,0.52,0.50,0.51,12000</pre>
paper-file-line = ❗ <b>Строка { $line }:</b> { $why } Файл не принят; исправьте и пришлите снова.
paper-file-columns = нужны столбцы timestamp, open, high, low, close, volume.
paper-file-empty = свечей в нём нет.
paper-file-not_text = это не текст в UTF-8.
paper-file-not_csv = это не читается как CSV.
paper-file-not_candle = время или число пропущено или не читается.
paper-file-out_of_range = цены должны быть больше 0, объёмы не меньше 0.
paper-file-outside = open и close должны лежать между low и high.
paper-file-not_later = каждая свеча должна быть позже предыдущей.

error-paper_amount_wrong = ❗ Баланс — число от 0 до { $limit }, не больше { $digits } знаков после запятой.
error-paper_currency_unknown = ❗ На бумажном рынке нет монеты { $currency }.
error-paper_balance_used = ❗ { $currency } нельзя уменьшить, пока ею торгуют бумажные боты ({ $bots }). Не меньше { $least }, или сначала остановите их.
error-paper_balance_held = ❗ Часть { $currency } держат бумажные ордера и позиции: не меньше { $least }.
error-paper_still_stopping = ⏳ Бумажные боты останавливаются. Нажмите ещё раз, когда остановятся.
error-paper_bots_run = На этих ценах работают бумажные боты. Сначала остановите их.
error-paper_seed_wrong = Зерно — целое число, не больше 17 цифр.
error-paper_file_large = ❗ Файл слишком большой: не больше { $limit } МБ.
error-paper_file_short = ❗ Слишком мало свечей: нужно не меньше { $least }.
error-paper_file_wrong = ❗ Ошибка в строке { $line } файла ({ $why }).
error-paper_file_unreadable = ❗ Записанные цены не читаются: { $detail }
