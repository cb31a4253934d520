/** What a test or a demo can make an organisation do that a healthy one does not. */
export interface Switches {
  /** The token is refused. `page`: 203 with a sign-in page (401 for PATCH); `redirect`: 302 to it. */
  revokePat(how?: 'page' | 'redirect'): void;
  acceptPat(): void;
  /** The next requests are answered 429 TF400733. */
  refuseNext(options?: { readonly times?: number; readonly retryAfterSeconds?: number }): void;
  /** The next requests succeed, with throttling headers: please wait before the next one. */
  slowDownNext(options?: { readonly times?: number; readonly retryAfterSeconds?: number }): void;
  /** The next save of this item loses a race: 409 TF26071, although its `test /rev` holds. */
  raceOn(id: number): void;
  /** Every save of this item breaks a rule of its process: 400 TF401320; null heals it. */
  breakRuleOn(id: number, field: string | null): void;
  /** Whether the token may suppress notifications; true at first. */
  allowSuppress(allowed: boolean): void;
  /** Whether the token may see and make service hook subscriptions; true at first. */
  allowHooks(allowed: boolean): void;

  readonly pat: 'accepted' | 'page' | 'redirect';
  readonly maySuppress: boolean;
  readonly mayManageHooks: boolean;
  takeThrottle(): { readonly kind: 'refuse' | 'slow'; readonly retryAfterSeconds: number } | null;
  takeRace(id: number): boolean;
  brokenRule(id: number): string | null;
}

/** A healthy organisation. */
export function createSwitches(): Switches {
  let pat: Switches['pat'] = 'accepted';
  let maySuppress = true;
  let mayManageHooks = true;
  const races = new Set<number>();
  const rules = new Map<number, string>();
  let throttles: { kind: 'refuse' | 'slow'; left: number; retryAfterSeconds: number }[] = [];
  const queue = (kind: 'refuse' | 'slow', options: { times?: number; retryAfterSeconds?: number } = {}): void => {
    throttles.push({ kind, left: options.times ?? 1, retryAfterSeconds: options.retryAfterSeconds ?? 1 });
  };
  return {
    revokePat: (how = 'page') => void (pat = how),
    acceptPat: () => void (pat = 'accepted'),
    refuseNext: options => queue('refuse', options),
    slowDownNext: options => queue('slow', options),
    raceOn: id => void races.add(id),
    breakRuleOn: (id, field) => void (field === null ? rules.delete(id) : rules.set(id, field)),
    allowSuppress: allowed => void (maySuppress = allowed),
    allowHooks: allowed => void (mayManageHooks = allowed),
    get pat() {
      return pat;
    },
    get maySuppress() {
      return maySuppress;
    },
    get mayManageHooks() {
      return mayManageHooks;
    },
    takeThrottle() {
      const [first] = throttles;
      if (first === undefined) return null;
      first.left -= 1;
      if (first.left <= 0) throttles = throttles.slice(1);
      return first;
    },
    takeRace: id => races.delete(id),
    brokenRule: id => rules.get(id) ?? null,
  };
}
