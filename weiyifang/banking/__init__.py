"""What banks and wallets say, beside the fund's books (对账): their statements are imported and matched line by line.

Nouns: BankAccount (an account or wallet the fund's money lies in, one for each place), Statement (one file of it: from
a day to a day, opening, lines, closing), Line (one movement of it), Match (lines and entries that are the same money),
Explanation (why a month does not agree, by two people).

Promises:
- a file is taken as a whole or not at all: every amount to the fen, the running balance reckoned again line by line,
  what it opens with is what the one before closed with; every line that is wrong is named;
- the same file twice changes nothing, and a line that is here already is shown and not doubled;
- a line and an entry are matched at most once, by a person, and their sums are the same to the fen;
- a month is sealed when the bank agrees, or two people have said why not;
- names and numbers of others are seen by whoever sees the books, and by nobody else; of their account numbers only the
  last digits are kept.

How banks write their statements is dated, sourced data: `shapes.toml`. What was never compared with a
real file says so.
"""
