// Errors of the daemon's listeners, of who may use them, and of what people ask about somebody's data.
import { error } from './code.js'

export const adminCodes = {
  'serve/not-loopback': error<{ address: string }>({
    retry: 'never', exit: 64,
    summary: 'The admin API would be open to the network without encryption',
    detail: ({ address }) => `${address} is no address of this machine alone, and there is no certificate.`,
    help: () => 'Give --tls-cert and --tls-key, or listen on 127.0.0.1; where something in front of it encrypts, --admin-without-tls allows it.',
  }),
  'serve/tls-unusable': error<{ reason: string }>({
    retry: 'never', exit: 1,
    summary: 'The certificate cannot be used',
    detail: ({ reason }) => reason,
    help: () => 'Give the files of the certificate (with its chain) and of its key in PEM: --tls-cert and --tls-key.',
  }),
  'token/name-taken': error<{ name: string }>({
    retry: 'never', exit: 1,
    summary: 'A token of this name is valid',
    detail: ({ name }) => `There is a token "${name}" already.`,
    help: () => 'Choose another name, or revoke it first: cdp tokens revoke.',
  }),
  'token/unknown': error<{ written: string }>({
    retry: 'never', exit: 1,
    summary: 'There is no such token',
    detail: ({ written }) => `No valid token has the name or id "${written}".`,
    help: () => 'cdp tokens list shows them.',
  }),
  'daemon/not-reached': error<{ url: string; reason: string }>({
    retry: 'later', exit: 1,
    summary: 'The daemon cannot be reached',
    detail: ({ url, reason }) => `${url}: ${reason}`,
    help: () => 'Check CDP_DAEMON_URL and that cdp serve runs there with --admin; without CDP_DAEMON_URL the sandbox of this folder is used.',
  }),
  'daemon/refuses': error<{ url: string; reason: string }>({
    retry: 'never', exit: 1,
    summary: 'The daemon refuses the command',
    detail: ({ url, reason }) => `${url}: ${reason}`,
    help: () => 'CDP_DAEMON_TOKEN must be an admin token of the sandbox that is served there: cdp tokens create --role admin.',
  }),
} as const
