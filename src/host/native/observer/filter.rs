//! The seccomp filter of an observed program: which of its system calls wait for the observer, as a program for the
//! kernel's packet filter. It does not know what the calls mean.

use libc::{
    BPF_ABS, BPF_JEQ, BPF_JGE, BPF_JMP, BPF_JSET, BPF_JUMP, BPF_K, BPF_LD, BPF_RET, BPF_STMT,
    BPF_W, c_long, sock_filter,
};

/// The architecture whose calls the filter understands, as the kernel names it (`AUDIT_ARCH_*`).
#[cfg(target_arch = "x86_64")]
pub(super) const ARCHITECTURE: u32 = 0xC000_003E;
#[cfg(target_arch = "aarch64")]
pub(super) const ARCHITECTURE: u32 = 0xC000_00B7;

/// From here on the numbers belong to the x32 calls of x86-64.
const FOREIGN: u32 = 0x4000_0000;

/// Offsets in `struct seccomp_data`; of an argument, its low half, as both architectures are little-endian.
const NUMBER: u32 = 0;
const ARCH: u32 = 4;
const fn argument(index: u32) -> u32 {
    16 + 8 * index
}

/// The families of addresses that reach another machine.
const NETWORK: [u32; 2] = [
    libc::AF_INET.cast_unsigned(),
    libc::AF_INET6.cast_unsigned(),
];

/// A place that a jump leads to.
#[derive(Clone, Copy)]
enum To {
    Next,
    Over(u8),
    Allow,
    Notify,
    Refuse,
}

/// One instruction, before the places of the answers at the end are known.
enum Step {
    Load(u32),
    Jump(u32, u32, To, To),
}

/// The filter under which the calls of these numbers wait for the observer.
///
/// Calls of another architecture wait too: their numbers mean other things, and the observer says that it cannot see
/// them. Calls on an open file that go by the name of a call on a path, as `fstat` does in current C libraries, pass, and
/// of those that map memory only such wait as map a file to be run.
/// Rings for input and output, through which files can be opened unseen, are refused as by a kernel without them.
pub(super) fn filter(numbers: impl Iterator<Item = c_long>) -> Vec<sock_filter> {
    use To::{Allow, Next, Notify, Over, Refuse};
    let equal = BPF_JEQ;
    let mut steps = vec![
        Step::Load(ARCH),
        Step::Jump(equal, ARCHITECTURE, Next, Notify),
        Step::Load(NUMBER),
        Step::Jump(BPF_JGE, FOREIGN, Notify, Next),
    ];
    let call = |number: c_long| u32::try_from(number).unwrap_or(FOREIGN);
    // Memory is mapped often, and code of a file once for each library.
    steps.extend([
        Step::Jump(equal, call(libc::SYS_mmap), Next, Over(4)),
        Step::Load(argument(2)),
        Step::Jump(BPF_JSET, libc::PROT_EXEC.cast_unsigned(), Next, Allow),
        Step::Load(argument(4)),
        Step::Jump(BPF_JGE, 1 << 31, Allow, Notify),
    ]);
    // Calls whose arguments tell that they ask for an open file: its number, where the current directory would be
    // negative, and just the flag that says that the path may be empty. It would not have to be empty with that flag; a
    // program that gives both a directory and a name with it is not seen. None is known, and the calls that are spared
    // are as many as files are opened.
    for (number, flags) in [(libc::SYS_newfstatat, 3), (libc::SYS_statx, 2)] {
        steps.extend([
            Step::Jump(equal, call(number), Next, Over(4)),
            Step::Load(argument(flags)),
            Step::Jump(equal, libc::AT_EMPTY_PATH.cast_unsigned(), Next, Notify),
            Step::Load(argument(0)),
            Step::Jump(BPF_JGE, 1 << 31, Notify, Allow),
        ]);
    }
    steps.extend([
        Step::Jump(equal, call(libc::SYS_socket), Next, Over(3)),
        Step::Load(argument(0)),
        Step::Jump(equal, NETWORK[0], Notify, Next),
        Step::Jump(equal, NETWORK[1], Notify, Allow),
        Step::Jump(equal, call(libc::SYS_io_uring_setup), Refuse, Next),
    ]);
    steps.extend(numbers.map(|number| Step::Jump(equal, call(number), Notify, Next)));
    assemble(&steps)
}

fn assemble(steps: &[Step]) -> Vec<sock_filter> {
    let allow = steps.len();
    let distance = |at: usize, to: To| -> u8 {
        let target = match to {
            To::Next => return 0,
            To::Over(count) => return count,
            To::Allow => allow,
            To::Notify => allow + 1,
            To::Refuse => allow + 2,
        };
        u8::try_from(target - at - 1).expect("the filter is shorter than the longest jump")
    };
    let code = |parts: u32| u16::try_from(parts).expect("instruction codes have 16 bits");
    let statement = |parts: u32, value: u32| {
        // SAFETY: the function only makes a value of its arguments.
        unsafe { BPF_STMT(code(parts), value) }
    };
    let mut program: Vec<sock_filter> = steps
        .iter()
        .enumerate()
        .map(|(at, step)| match *step {
            Step::Load(offset) => statement(BPF_LD | BPF_W | BPF_ABS, offset),
            Step::Jump(test, value, yes, no) => {
                let (yes, no) = (distance(at, yes), distance(at, no));
                // SAFETY: the function only makes a value of its arguments.
                unsafe { BPF_JUMP(code(BPF_JMP | test | BPF_K), value, yes, no) }
            }
        })
        .collect();
    let refuse = libc::SECCOMP_RET_ERRNO | libc::ENOSYS.cast_unsigned();
    program.extend(
        [
            libc::SECCOMP_RET_ALLOW,
            libc::SECCOMP_RET_USER_NOTIF,
            refuse,
        ]
        .map(|answer| statement(BPF_RET | BPF_K, answer)),
    );
    program
}

#[cfg(test)]
mod tests {
    use super::filter;
    use crate::host::native::observer::calls;

    #[test]
    fn all_jumps_reach_their_answers() {
        let filter = filter(calls::all().map(|call| call.number));
        let end = filter.len();
        for (at, step) in filter.iter().enumerate() {
            let furthest = at + 1 + usize::from(step.jt.max(step.jf));
            assert!(furthest < end || step.code & 7 == 6, "step {at} of {end}");
        }
        assert!(
            filter[end - 3..].iter().all(|step| step.code == 6),
            "three answers"
        );
    }

    #[test]
    fn no_call_is_listed_twice() {
        let mut numbers: Vec<_> = calls::all().map(|call| call.number).collect();
        numbers.sort_unstable();
        assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
