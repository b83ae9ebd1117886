// A plugin of one project.
export const plugin = { name: 'intranet', sdk: '^1', connectors: [] }
