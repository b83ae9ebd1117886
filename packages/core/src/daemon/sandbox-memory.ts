// What a daemon keeps in memory of its sandbox, so that the usual micro-batch asks little of the store: copies, told of every change
// that is made through the daemon, and read again when a change was taken back.
import { IdentityMemory, type UpdateRequest } from '../5-profiles/index.js'
import { ProfileWords } from '../matching/profile-words.js'

export class SandboxMemory {
  readonly identities = new IdentityMemory('person')
  readonly profileWords = new ProfileWords()

  /** What the logs of changed profiles and of memberships had reached. */
  lastChange = 0
  lastSeq = 0

  /** For the update of the profiles. */
  readonly listeners: Pick<UpdateRequest, 'memory' | 'onRemade'> = { memory: this.identities, onRemade: (people) => { this.profileWords.forgetProfiles(people) } }

  forget(): void {
    this.identities.forget()
    this.profileWords.forget()
  }
}
