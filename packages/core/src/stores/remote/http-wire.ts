// How a connection to the admin API becomes one of the admin socket's protocol (wire.ts): an HTTP upgrade.
export const commandsPath = '/v1/commands'
export const commandsProtocol = 'cdp-commands'
/** The sandbox that is meant, percent-encoded, so that a command never works on another than its own. */
export const sandboxHeader = 'cdp-sandbox'
