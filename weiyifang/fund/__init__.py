"""The public-welfare fund (社区公益基金): what comes in, what is spent, and by whose decision — in the open.

Nouns: Donation (one receipt of money over one channel), PaymentRequest (what is to be paid, approved by another person
and paid by a third), Purpose (what money is for, a pool of the ledger; only a giver or the law fixes one).

Promises:
- every fen received or paid is one transfer of the ledger, posted once (its source is the key);
- who submits, who approves and who pays are three people (constraints in the database);
- an approval sets the money aside (a hold), so that two approved payments never share one fen;
- money lies in the bank, in WeChat or in the cash box; a payment names where it leaves from, and what goes from one to
  another (MoneyMove) is asked for by one person and confirmed by another;
- what is given for a purpose is spent on nothing else, and is for something else only by a document of two people
  (PurposeChange), with the paper of who gave it;
- what the committee wishes is a Budget: it restricts no money, and whoever goes beyond it says why;
- a mistake is corrected by a second entry, never erased (PaymentCorrection, by two people; a receipt is taken back); a
  sealed month stays as it is, and what comes too late for it is booked into the open one with its own day;
- that the books are right is said only beside what the bank says (StatedBalance).

What a channel or a category is, and which official account it belongs to, is dated data: `chart.toml`. The program
issues its own acknowledgement (收款凭证), never anything that looks like an official donation receipt (票据).
"""
