"""Running grants (小额运行经费): each year's assessment of organizations, and what each gets for it from the fund.

Nouns: GrantRun (one assessment: a table that one person enters and another confirms), RunningGrant (one organization in
it: its result, and the amount that follows), Appeal (an organization's leader says that the result is wrong).

Promises:
- an amount follows from the result by a dated rule (`terms.toml`) and from nothing else; anybody can reckon it again;
- who enters the table, who confirms it and who pays are three people (constraints in the database);
- what is published is set aside in the fund the same moment, and nothing of it is paid while there can be appeals;
- an appeal is answered by another person than the one who entered the table; what was published stays to be seen
  beside what was corrected;
- each organization is paid once, however often the payout is begun: its payment follows from its grant, and the fund
  takes a second one for none.

A grant's payment is a payment of the fund like any other: it is shown, corrected and refunded there.
"""
