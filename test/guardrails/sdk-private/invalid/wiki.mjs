// A plugin of one project.
export const plugin = { name: 'wiki', sdk: '^1', connectors: [] }
