/* What axe finds on the page as it is now. Returns sentences; an empty list is a pass. */
async (options) => {
  const { violations } = await axe.run(document, options);
  return violations.map(({ id, help, nodes }) => `${id} × ${nodes.length}: ${nodes[0].html.replace(/\s+/g, " ").slice(0, 160)} — ${help}`);
}
