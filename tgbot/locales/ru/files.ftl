command-export = записи ботов файлом: CSV или Excel
command-test = проверить настройки на прошлых ценах
button-export-all = 📗 Все мои боты одной книгой (Excel)
button-export-workbook = 📗 Всё одной книгой (Excel)
button-export-more = 📄 Другой файл
button-dates = 📅 С … по …
button-trial = 🧪 Тест
button-trial-file = 📎 Свой файл со свечами
button-trial-more = 🧪 Другой тест

choice-all-bots = Все мои боты
choice-export-workbook = Книга
choice-export-contents = Содержание
choice-days = { $count ->
    [one] { $count } день
    [few] { $count } дня
   *[other] { $count } дней
  }

export-head = 📄 <b>{ $subject }</b>: { $what }
export-period-question = За какое время?
export-dates-question = Пришлите первый и последний день, например <code>05.01.2026 - 31.01.2026</code> или <code>2026-01-05 2026-01-31</code>. Один день значит: с него и до сих пор. Дни — с вашей полуночи ({ $zone }).
export-dates-paper = Бумажные боты живут в бумажном времени: называйте его дни.
export-title = 📄 <b>{ $subject }</b>: { $what }, { $span }
export-rows = Строк: { $rows }. Время в файле — UTC.
export-digits = Числа длиннее 15 цифр записаны текстом, иначе Excel их округлит.
export-cut = ⚠️ В этих таблицах только самые новые строки: { $tables }. На листе не больше { $count } строк, в файле { $all }; за остальными выберите срок короче.
export-below = ✅ Готово, файл ниже.
dates-odd = Не удалось прочитать здесь один или два дня.
dates-turned = Последний день раньше первого.
dates-since = с { $first }
dates-between = { $first } - { $last }

work-begun = Начинаю…
work-reading = Читаю записи…
work-writing = Пишу файл…
work-collecting = Беру свечи с биржи…
work-replaying = Проигрываю…
work-drawing = Рисую…
work-bar = <code>{ $bar }</code> { $percent } %
work-canceled = ✖️ Отменено.
work-interrupted = ⏹ Прервано: меня перезапускают. Начните, пожалуйста, заново.
work-failed = ⚠️ Что-то пошло не так, я это записал. Попробуйте ещё раз.
work-cancel-heard = Отменяю…
work-cancel-late = Уже закончено.
work-gone = Это уже закончилось, или меня тем временем перезапустили.

trial-which-bot = 🧪 <b>Тест</b>: настройки какого бота проверить на прошлых ценах?
trial-no-bots = 🧪 <b>Тест</b> проверяет настройки на прошлых ценах. Бота, которого можно так проверить, у вас пока нет.
trial-from-form = Настройки нового бота можно проверить до запуска: создайте его и нажмите <b>Тест</b> под предпросмотром.
trial-unfit = Эти стратегии я не проверяю, результат был бы выдуман:
trial-unfit-line = • { $strategy }: { $reason }
trial-lack-spread = свечи не знают ни спреда, ни очереди, а стратегия живёт ими
trial-lack-book = в свечах нет чужих ордеров, а стратегия действует по ним
trial-refused = Честный тест невозможен: { $reason }. Проверьте на бумаге.
trial-head = 🧪 <b>Тест: { $title }</b>
trial-question = На каких ценах? До 3 дней беру минутные свечи, дальше пятиминутные.
trial-file = Пришлите файл CSV (или .csv.gz) со свечами этой пары: не больше { $megabytes } МБ и { $candles } свечей, от старых к новым, с таким заголовком. Время: ISO 8601 (без пояса — UTC) либо секунды или миллисекунды с 1970 года.
trial-own-file = свой файл
trial-title = 🧪 <b>Тест: { $title }</b>, { $source }
trial-below = ✅ Готово, результат ниже.
trial-done = 🧪 <b>Тест: { $title }</b>
trial-drawdown = Наибольшая просадка: <b>{ $value } { $quote }</b> ({ $percent } % депозита)
trial-liquidations = ❗️ Ликвидаций: <b>{ $count }</b>
trial-no-liquidations = Ликвидаций не было
trial-net = Чистый результат: <b>{ $value } { $quote }</b> ({ $percent } % от { $deposit })
trial-open = Ещё открыто: { $amount } { $base }, { $value } { $quote }
trial-ended = Закончился раньше: { $cause }
trial-cycles = Циклов: { $cycles }, с прибылью: { $won }
trial-fills = Исполнений: { $fills }, ордеров: { $orders }
trial-fees = Комиссии: { $value } { $quote }
trial-funding = Фандинг: { $value } { $quote } (принят за { $rate } % каждые 8 ч)
trial-refusals = Отклонено ордеров: { $count }
trial-data = Данные: { $venue }, { $title }
trial-data-file = Данные: ваш файл, правила рынка { $title }
trial-data-candles = { $first } - { $last } { $zone }, свечей по { $minutes } мин: { $count }
trial-data-prices = Цены { $low } - { $high }
trial-data-missing = ⚠️ Не хватает свечей: { $count }
trial-mark = Метка { $mark }: та же метка, тот же результат
trial-caveat = ⚠️ Путь цены внутри свечи предположен, а наши ордера рынок не двигают. Прошлое ничего не обещает.

picture-trial-price = Цена
picture-trial-bought = куплено
picture-trial-sold = продано
picture-trial-profit = Прибыль с открытой
picture-trial-drawdown = Макс. просадка
picture-trial-liquidations = Ликвидации

error-work_busy = Я ещё занят вашим прошлым заданием. Дождитесь его или отмените.
error-nothing_to_export = Ботов пока нет, записывать нечего.
error-form_gone = Эта форма уже закрыта. Начните новую в /menu.
error-not_replayable = Честно проверить эту стратегию по свечам нельзя.
error-trial_running = Ваш прошлый тест ещё идёт.
error-too_many_trials = Сейчас идут другие тесты. Попробуйте через минуту.
error-trial_long = Тест шёл дольше { $minutes } минут и остановлен. Возьмите срок короче.
error-trial_failed = Тест не удалось закончить; причину я записал.
error-candles_few = Свечей только { $found }, а для теста нужно { $fewest }.
error-candles_header = Это не CSV со свечами: первая строка должна быть timestamp,open,high,low,close,volume.
error-candles_unreadable = Строка { $line } не свеча: минимум ≤ открытие и закрытие ≤ максимум, всё больше нуля, и время.
error-candles_unordered = Строка { $line } не позже предыдущей: свечи идут от старых к новым.
error-candles_many = В файле больше { $most } свечей.
error-candles_large = Файл больше { $megabytes } МБ.
