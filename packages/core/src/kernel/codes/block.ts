// What stops a plan. Each code with its text; the block itself tells of which resource, how much, and how to go on.

export const blockCodes = {
  'apply/protected': 'What is protected would be removed',
  'plan/shrinks-too-much': 'A segment would lose more members than its safety limit allows',
} as const

export type BlockCode = keyof typeof blockCodes
