// A bank: accounts with private balances, transactions that roll back, a hierarchy of errors, statements.

class BankError extends Error {
  constructor(message: string, readonly code: number) {
    super(message);
    this.name = this.constructor.name;
  }
}
class InsufficientFunds extends BankError {
  constructor(readonly needed: number, readonly available: number) {
    super(`needed ${format(needed)}, available ${format(available)}`, 1);
  }
  get shortfall() {
    return this.needed - this.available;
  }
}
class AccountClosed extends BankError {
  constructor(id: string) {
    super(`account ${id} is closed`, 2);
  }
}
class LimitExceeded extends InsufficientFunds {
  constructor(limit: number, amount: number) {
    super(amount, limit);
    this.message = `limit of ${format(limit)} exceeded`;
  }
}

function format(cents: number): string {
  const sign = cents < 0 ? "-" : "";
  const absolute = Math.abs(cents);
  return `${sign}${Math.floor(absolute / 100)}.${String(absolute % 100).padStart(2, "0")}`;
}

type Entry = { readonly kind: "deposit" | "withdraw" | "interest"; amount: number; balance: number };

class Account {
  static #next = 1000;
  #balance = 0;
  #open = true;
  protected readonly history: Entry[] = [];
  readonly id: string;
  constructor(readonly owner: string) {
    this.id = `${this.prefix}${Account.#next++}`;
  }
  protected get prefix() {
    return "A";
  }
  get balance() {
    return this.#balance;
  }
  protected record(kind: Entry["kind"], amount: number): this {
    if (!this.#open) throw new AccountClosed(this.id);
    this.#balance += amount;
    this.history.push({ kind, amount, balance: this.#balance });
    return this;
  }
  static check(amount: number): number {
    if (amount <= 0 || !Number.isInteger(amount)) throw new RangeError(`bad amount: ${amount}`);
    return amount;
  }
  deposit(amount: number): this {
    return this.record("deposit", Account.check(amount));
  }
  withdraw(amount: number): this {
    Account.check(amount);
    if (amount > this.available) throw new InsufficientFunds(amount, this.available);
    return this.record("withdraw", -amount);
  }
  protected get available() {
    return this.#balance;
  }
  close() {
    this.#open = false;
  }
  statement(): string[] {
    return this.history.map(({ kind, amount, balance }, line) => `${line + 1}. ${kind.padEnd(9)}${format(amount).padStart(10)}${format(balance).padStart(10)}`);
  }
}
class Savings extends Account {
  constructor(owner: string, private readonly rate = 0.025) {
    super(owner);
  }
  override get prefix() {
    return "S";
  }
  addInterest() {
    return this.record("interest", Math.round(this.balance * this.rate));
  }
  override withdraw(amount: number): this {
    if (amount > 50000) throw new LimitExceeded(50000, amount);
    return super.withdraw(amount);
  }
}
class Checking extends Account {
  overdraft = 10000;
  protected override get available() {
    return super.available + this.overdraft;
  }
}

class Bank {
  readonly accounts: Record<string, Account> = {};
  failed = 0;
  open<T extends Account>(account: T): T {
    this.accounts[account.id] = account;
    return account;
  }
  transfer(from: Account, to: Account, amount: number): boolean {
    let withdrawn = false;
    try {
      from.withdraw(amount);
      withdrawn = true;
      to.deposit(amount);
      return true;
    } catch (error) {
      this.failed++;
      if (withdrawn) from.deposit(amount);
      if (error instanceof BankError) console.log(`  ${error.name} [${error.code}]: ${error.message}`, error instanceof InsufficientFunds ? error.shortfall : "-");
      else throw error;
      return false;
    } finally {
      console.log(`  ${from.owner} ${format(from.balance)} | ${to.owner} ${format(to.balance)}`);
    }
  }
  get total() {
    return Object.values(this.accounts).reduce((sum, { balance }) => sum + balance, 0);
  }
}

const bank = new Bank();
const ann = bank.open(new Savings("Ann"));
const bob = bank.open(new Checking("Bob"));
const cyd = bank.open(new Account("Cyd"));
ann.deposit(123456).addInterest();
bob.deposit(5000);
for (const [from, to, amount] of [[ann, bob, 20000], [bob, cyd, 34000], [bob, ann, 2000], [ann, cyd, 60000], [cyd, ann, 40000]] as [Account, Account, number][]) {
  console.log(`${from.id} -> ${to.id}: ${format(amount)}`, bank.transfer(from, to, amount));
}
cyd.close();
console.log("closed", bank.transfer(ann, cyd, 100), bank.total, bank.failed);
try {
  bank.transfer(bob, ann, 0.5);
} catch (error) {
  console.log((error as Error).name, (error as Error).message, error instanceof BankError);
}
for (const account of Object.values(bank.accounts)) {
  console.log(`${account.id} ${account.owner} ${account.constructor.name} ${format(account.balance)}`);
  console.log(account.statement().join("\n"));
}
console.log(bob);
