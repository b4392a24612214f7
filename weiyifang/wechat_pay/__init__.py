"""Gifts by WeChat Pay (微信支付 v3): from a form on the phone to a receipt in the fund's books.

Nouns: Order (what somebody wants to give: asked of WeChat by a job, paid there, booked here once), Refund (a gift that
is given back: asked by one, confirmed by another, paid back by a job).

Promises:
- an order is booked once, whoever says how often that it is paid: a notification, its repeats, our own question;
- no message is believed for its looks: the signature over the raw body, its age, its key, the merchant, the app and the
  amount are those of the order, or nothing is booked;
- what WeChat holds and what the books say is the same to the fen: every paid order has its receipt, every refund its
  entry the other way round;
- who gave, and what they wrote, stands in the fund alone: an order forgets it when it is paid or closed;
- the outside world is met in jobs, once, by key; a page never waits for it.

`protocol` signs and encrypts, `gateways` asks, `double` is WeChat's side for the demo and for tests.
"""
