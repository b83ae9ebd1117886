// How long the windows of declared limits are.
export const windowMs = { '1s': 1000, '10s': 10_000, '20s': 20_000, '1m': 60_000, '1h': 3_600_000, '1d': 86_400_000 } as const
