strategy-grid = Сетка
strategy-about-grid = <b>Сетка</b>: лесенка входов, каждый больше предыдущего, и один тейк-профит на всю позицию. Зарабатывает на отскоках; в долгом безоткатном движении может потерять депозит.
make-title = ➕ <b>Новый бот</b> · { $strategy }
make-strategy = ➕ <b>Новый бот.</b> Какая стратегия?
make-account = На каком счёте? Бумага — условные деньги, потерять нечего.
make-key = 💰 { $name } …{ $tail }
make-key-unproven = 💰 🧪 { $name } …{ $tail }
make-pairs = 📈 <b>Какая пара?</b> Отметьте одну или несколько и нажмите Готово. Или напишите часть названия, например <code>crv</code>.
make-pair-one = 📈 <b>Какая пара?</b> Нажмите её. Или напишите часть названия, например <code>crv</code>.
make-pairs-busiest = Самые активные сейчас, с ценой и оборотом за сутки:
make-pairs-found = Найдено по «{ $text }», с ценой и оборотом за сутки:
make-pairs-none = По «{ $text }» ничего нет. Напишите другую часть, например <code>btc</code>.
make-pairs-chosen = Выбрано: <b>{ $pairs }</b>.{ $count ->
    [1] {""}
   *[other] {" "}У каждой пары свой бот и свои деньги.
  }
make-pairs-most = За раз — не больше пар: { $count }.
make-pairs-first = Сначала выберите пару.
make-pair = { $title } · { $price } · { $volume }
make-canceled = ✖️ Ничего не создано.
made = 🚀 <b>{ $count ->
    [one] Запущен { $count } бот
    [few] Запущено { $count } бота
   *[other] Запущено { $count } ботов
  }:</b> { $names } · { $account }
button-add-key = 🔑 Добавить ключ
button-done = ✅ Готово ({ $count })
button-busiest = 🔝 Самые активные
button-advanced = ⚙️ Ещё настройки
button-basic = ‹ Основные
button-preview = 👁 Предпросмотр и старт

field-question = ✏️ <b>{ $name }?</b>
field-now = Сейчас: <b>{ $value }</b>
field-default = По умолчанию: <b>{ $value }</b>
summary-title = 🧾 <b>{ $strategy }</b> · { $account }
summary-pairs = { $count ->
    [1] Пара
   *[other] Пары
  }: <b>{ $pairs }</b>
summary-line = { $name }: <b>{ $value }</b>
summary-edit = Нажмите настройку, чтобы изменить, или смотрите предпросмотр.
summary-advanced = Дополнительные настройки: обычно хватает значений по умолчанию.

answer-choose = Нажмите одну из кнопок.
answer-press-or-type = Нажмите кнопку или напишите { $wanted }.
answer-type = Напишите { $wanted }.
answer-text = сами
answer-number = число
answer-number-between = число от { $low } до { $high }
answer-number-above = число больше { $low }, но не больше { $high }
answer-number-over = число больше { $low }
answer-number-from = число от { $low } и больше
answer-whole = целое число
answer-whole-between = целое число от { $low } до { $high }
answer-whole-above = целое число больше { $low }, но не больше { $high }
answer-whole-over = целое число больше { $low }
answer-whole-from = целое число от { $low } и больше
answer-would-work = 🛠 Подойдёт <b>{ $values }</b> — или другие настройки: их предложит предпросмотр.
answer-problem = ❗ <b>{ $name }</b>: { $problem }
answer-ambiguous_comma = это { $whole } или { $part }? Напишите без запятой.
answer-not_a_number = это не число. Только цифры, например 25 или 1.5.
answer-not_whole = нужно целое число, например 12.
answer-not_between = нужно от { $low } до { $high }.
answer-not_above_up_to = нужно больше { $low } и не больше { $high }.
answer-not_above = нужно больше { $low }.
answer-too_small = нужно не меньше { $low }.
answer-too_big = нужно не больше { $high }.
answer-too_long = слишком длинно: не больше { $limit } знаков.
answer-not_a_market = напишите в виде ABC/USDT.
answer-not_a_venue = напишите название биржи латиницей, например kucoin.
answer-not_like_this = так не подходит.
answer-not_a_choice = нажмите одну из кнопок.
invalid-line = <b>{ $name }</b>: { $problem }
invalid-whole = { $problem }
invalid-active_levels = Уровней в стакане ({ $active }) должно быть меньше, чем уровней сетки ({ $levels }): первый уровень исполняется по рынку и в стакане не стоит.
invalid-growth = ×{ $multiplier } на { $levels ->
    [one] { $levels } уровне
   *[other] { $levels } уровнях
  } делает последний больше первого более чем в { $most } раз. Уменьшите одно из двух.
invalid-step_growth = Шаг с ростом ×{ $multiplier } на { $levels ->
    [one] { $levels } уровне
   *[other] { $levels } уровнях
  } становится больше первого более чем в { $most } раз. Уменьшите одно из двух.

choice-on = вкл
choice-empty = не задано
choice-empty-reference_symbol = та же пара
value-active_levels-0 = все
choice-off = выкл
choice-off-max_cycles = без предела
choice-long = Лонг
choice-short = Шорт
choice-isolated = Изолированная
choice-cross = Кросс
choice-classic = Классический
choice-exact = Точный
choice-refuse = Не запускать
choice-merge = Объединять
unit-quote = { $value } { $quote }
unit-percent = { $value } %
unit-seconds = { $value } с
unit-times = ×{ $value }
unit-levels = { $value }
unit-cycles = { $value }

field-deposit = Депозит
about-deposit = Деньги под каждую пару, в USDT. Депозит, умноженный на плечо, — предельный объём всей сетки.
field-leverage = Плечо
about-leverage = Во сколько раз сетка может быть больше депозита. Чем выше, тем ближе ликвидация.
field-margin_mode = Режим маржи
about-margin_mode = Изолированная: ликвидация забирает только маржу этой позиции. Кросс: за позицию отвечает весь кошелёк.
field-direction = Направление
about-direction = Лонг покупает на падении и зарабатывает на росте. Шорт — наоборот.
field-grid_levels = Уровней сетки
about-grid_levels = Сколько ордеров, включая первый рыночный.
field-coverage_percent = Перекрытие
about-coverage_percent = Как далеко последний уровень от первого.
field-martingale_multiplier = Мартингейл
about-martingale_multiplier = Во сколько раз каждый уровень больше предыдущего.
field-small_levels = Мелкие уровни
about-small_levels = Уровни меньше минимума биржи: не запускать или объединять с соседним в сторону первого.
field-step_multiplier = Множитель шага
about-step_multiplier = 1 — ровный шаг. Больше 1 — каждый шаг во столько раз шире предыдущего.
field-sizing = Расчёт объёма
about-sizing = Классический считает все уровни по первой цене. Точный — каждый по своей, чтобы депозит использовался целиком.
field-take_profit_percent = Тейк-профит
about-take_profit_percent = На сколько выше среднего входа (для шорта — ниже) закрывается вся позиция.
field-cooldown_seconds = Пауза циклов
about-cooldown_seconds = Сколько ждать после цикла, прежде чем начать новый по новой цене.
field-tracking_seconds = Проверка статуса
about-tracking_seconds = Как часто спрашивать об ордерах, пока приватный поток биржи молчит.
field-stop_loss_percent = Стоп-лосс
about-stop_loss_percent = Закрыть всё, когда цикл потерял эту долю депозита.
field-max_cycles = Циклов
about-max_cycles = Остановиться после стольких завершённых циклов.
field-active_levels = Уровней в стакане
about-active_levels = Держать на бирже только столько ближайших уровней, чтобы меньше маржи было занято. 0 — все.
