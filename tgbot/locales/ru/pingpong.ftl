strategy-pingpong = Пинг-понг
strategy-about-pingpong = <b>Пинг-понг</b> (спот): купил, продал, снова купил — всегда лимиткой по лучшей цене стакана. Собирает статистику исполнений; заработок — не цель.
stop-keep_exit-pingpong = <b>Продать и остановиться.</b> Больше не покупает; то, что держит, продаёт лимиткой по лучшему аску и заканчивает.
button-stop-keep_exit-pingpong = Продать и остановиться
button-stop-yes-keep_exit-pingpong = Да, продать и остановиться
activity-paused-pingpong = Пауза: не покупает; начатая продажа продолжается
paused-pingpong = Пауза. Не покупает; начатая продажа продолжается.
bot-paused-keeps-pingpong = Не покупает; начатая продажа продолжается.
bot-realized-pingpong = Всего, за вычетом комиссий: <b>{ $value }</b>, { $cycles ->
    [one] { $cycles } круг
    [few] { $cycles } круга
   *[other] { $cycles } кругов
  }
doing-pingpong-leg = Нога { $number }: { $side ->
    [sell] продаёт
   *[other] покупает
  } { $amount } { $base }, стоит по { $price }
doing-pingpong-ending = Продаёт остаток, затем закончит
doing-pingpong-waiting = Ждёт цены или денег
doing-pingpong-done = Исполнено ног: { $legs }

choice-off-max_legs = без предела
choice-off-max_spread_sum_usd = нет
choice-base = { $base }
choice-quote = { $quote }
choice-base-unnamed = монета
choice-quote-unnamed = валюта котировки
unit-amount = { $value }
unit-usd = { $value } USD
unit-legs = { $value }
unit-milliseconds = { $value } мс
unit-market = { $value }
unit-file = { $value }

field-order_size = Размер ордера
about-order_size = Сколько покупает или продаёт каждый ордер, одинаково в обе стороны.
field-size_currency = Валюта размера
about-size_currency = В чём задан размер ордера: в монете или в валюте котировки.
field-budget = Бюджет
about-budget = Сколько бот может держать в монете и потерять, вместе взятое, в USD. Остановится, прежде чем выйдет за эту сумму.
field-max_spread_sum_usd = Лимит суммы спредов
about-max_spread_sum_usd = Остановиться, когда сумма спредов в моменты исполнения превысит это число.
field-max_legs = Число ног
about-max_legs = Остановиться после стольких исполнений; покупка и продажа — это две.
field-requote_ms = Период перестановки
about-requote_ms = Ордер следует за лучшей ценой, но не чаще этого.
field-usd_per_quote = Курс к USD
about-usd_per_quote = Сколько USD стоит единица валюты котировки: 1 для USDT, для ETH/BTC — цена биткоина.
field-usd_market = Долларовая пара
about-usd_market = Пара этой биржи, по которой видно, сколько USD стоит валюта котировки: для ETH/BTC — BTC/USDT.
field-csv_path = Файл CSV
about-csv_path = Имя файла, куда записи пишутся по ходу, например <code>legs.csv</code>.

figure-order_cost = Один ордер: { $value } { $quote }
figure-base_reserve = Запас монеты на комиссии: { $value } { $base }
figure-reserve_rounds = Запаса хватит, кругов: { $value }
figure-round_trip_fees_percent = Комиссии за покупку и продажу: { $value } %
figure-budget = В обороте не больше: { $value } { $quote }
finding-base_reserve = Комиссия берётся из купленного. Держите на счёте { $amount } { $currency }, этого хватит на { $rounds ->
    [one] { $rounds } круг
    [few] { $rounds } круга
   *[other] { $rounds } кругов
  }, или платите комиссии монетой биржи.
finding-base_reserve_low = Комиссия берётся из купленного. На счёте { $held } { $currency }, этого хватит на { $rounds ->
    [one] { $rounds } круг
    [few] { $rounds } круга
   *[other] { $rounds } кругов
  }; на все нужно { $amount }.
finding-base_reserve_missing = Комиссия берётся из купленного, поэтому <b>на первую продажу монеты не хватит</b> и она будет ждать: на счёте { $held } { $currency }. Держите там { $amount } { $currency } или платите комиссии монетой биржи.
finding-round_trip_fees = Покупка и продажа стоят { $percent } % комиссий; спред уже этого — в убыток. Комиссии, уплаченные монетой биржи, в показанную прибыль не входят.
finding-ends_holding = Число ног нечётное: закончит с { $amount } { $currency } на руках.
finding-may_end_holding = Лимит суммы спредов может быть достигнут сразу после покупки: тогда закончит с { $amount } { $currency } на руках.
finding-usd_rate_needed = Бюджет задан в USD: укажите, сколько стоит 1 { $currency }, — «Долларовая пара» или «Курс к USD» в «Ещё настройки».
finding-usd_market_missing = На этой бирже нет пары { $market }: по ней не узнать, сколько USD стоит валюта котировки.
finding-order_over_budget = Один ордер стоит { $cost } USD — больше бюджета в { $budget } USD.

cause-budget = бюджет исчерпан
cause-max_legs = все ноги исполнены
cause-max_spread_sum = достигнут лимит суммы спредов
cause-round = круг завершён

notice-leg_executed = { $count ->
    [one] 🔹 Исполнена { $count } нога
    [few] 🔹 Исполнено { $count } ноги
   *[other] 🔹 Исполнено { $count } ног
  }
notice-leg_executed-line = { $number }: { $side ->
    [sell] продано
   *[other] куплено
  } { $amount } по { $price } · { $seconds }{ $orders ->
    [1] {""}
    [one] , { $orders } ордер
    [few] , { $orders } ордера
   *[other] , { $orders } ордеров
  }
notice-balance_short = 💸 <b>Не хватает { $currency }</b>, чтобы { $side ->
    [sell] продать
   *[other] купить
  }: нужно { $needed }, есть { $held }. Продолжу, когда хватит.
invalid-file_name = Только имя файла, без пути: латинские буквы, цифры, дефис и подчёркивание, с .csv в конце, например <code>legs.csv</code>.
