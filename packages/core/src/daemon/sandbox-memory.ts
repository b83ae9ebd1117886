// What a daemon keeps in memory of its sandbox, so that the usual micro-batch asks little of the store: copies, told of every change
// that is made through the daemon, and read again when a change was taken back.
import { IdentityMemory } from '../5-profiles/index.js'
import { ProfileWords } from '../matching/profile-words.js'

export class SandboxMemory {
  readonly identities = new IdentityMemory('person')
  readonly profileWords = new ProfileWords()

  forget(): void {
    this.identities.forget()
    this.profileWords.forget()
  }
}
