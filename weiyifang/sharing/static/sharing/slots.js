/* slots.js — the rule of `sharing/slots.py`, for `redo.js`. */
(() => {
  "use strict";
  const { sha256, redo } = window;
  redo(document.querySelector("[data-slots]"), recompute);

  /* What is wrong: "things", "seed", "list", "order", "slots"; "" when nothing is. */
  function recompute(sheet) {
    const known = new Set(sheet.things.map((one) => one.number));
    const numbers = sheet.tickets.map((one) => one.ticket);
    const strange = sheet.tickets.some((one) => one.choices.some((choice) => !known.has(choice.thing)));
    if (strange || new Set(numbers).size !== numbers.length) return "things";
    if (sha256(sheet.seed) !== sheet.commitment) return "seed";
    const list = sha256(JSON.stringify(listed(sheet)));
    if (list !== sheet.list) return "list";
    const keyed = numbers.map((number) => ({ number, key: sha256(`${sheet.seed}:${list}:${number}`) }));
    keyed.sort((a, b) => (a.key < b.key ? -1 : 1));
    const order = keyed.map((one) => one.number);
    if (order.join() !== sheet.order.join()) return "order";
    const told = sheet.given.map((one) => [one.turn, one.ticket, one.rank, one.thing]);
    return JSON.stringify(shared(order, sheet)) === JSON.stringify(told) ? "" : "slots";
  }

  /* Everything that goes in, its fields in this order: rule 4. */
  function listed(sheet) {
    const pick = (one, ...names) => Object.fromEntries(names.map((name) => [name, one[name]]));
    const choice = (one) => pick(one, "rank", "thing", "weekday", "begins", "ends", "of", "dates");
    return [
      sheet.week_minutes,
      sheet.things.map((one) => pick(one, "number", "before", "after", "parts")),
      sheet.tickets.map((one) => ({
        ...pick(one, "ticket", "organization", "slots", "has"),
        choices: one.choices.map(choice),
      })),
    ];
  }

  /* [turn, ticket, rank, thing] of each slot that is given: rule 5. */
  function shared(order, sheet) {
    const things = new Map(sheet.things.map((one) => [one.number, one]));
    const tickets = new Map(sheet.tickets.map((one) => [one.ticket, { ...one, minutes: one.has, ranks: [] }]));
    const taken = [];
    const given = [];
    const turns = Math.max(0, ...sheet.tickets.map((one) => one.slots));
    for (let turn = 1; turn <= turns; turn++) {
      for (const number of order) {
        const ticket = tickets.get(number);
        if (ticket.ranks.length !== turn - 1 || turn > ticket.slots) continue;
        const choices = [...ticket.choices].sort((a, b) => a.rank - b.rank || a.thing - b.thing);
        const choice = choices.find(
          (one) =>
            !ticket.ranks.includes(one.rank) &&
            one.dates.length > 0 &&
            2 * one.dates.length >= one.of &&
            ticket.minutes + one.ends - one.begins <= sheet.week_minutes &&
            !taken.some((other) => clash(one, other, things)),
        );
        if (!choice) continue;
        taken.push(choice);
        ticket.minutes += choice.ends - choice.begins;
        ticket.ranks.push(choice.rank);
        given.push([turn, number, choice.rank, choice.thing]);
      }
    }
    return given;
  }

  function clash(one, other, things) {
    const mine = things.get(one.thing);
    const theirs = things.get(other.thing);
    return (
      one.weekday === other.weekday &&
      (mine === theirs || theirs.parts.includes(mine.number) || mine.parts.includes(theirs.number)) &&
      one.begins - mine.before < other.ends + theirs.after &&
      other.begins - theirs.before < one.ends + mine.after
    );
  }
})();
