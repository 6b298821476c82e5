/** Numbers of system calls of one kind of processor; `audit` is its own, as <linux/audit.h> has it. */
interface Calls {
  readonly audit: number;
  /** From here on numbers are those of another kind that the kernel takes as well. */
  readonly foreign: number | null;
  readonly refused: readonly number[];
  readonly socket: number;
  readonly unshare: number;
  readonly clone: number;
}

const everywhere = {
  clone3: 435,
  // io_uring_setup, io_uring_enter, io_uring_register, pidfd_getfd
  refused: [425, 426, 427, 438],
};

const calls: Readonly<Record<string, Calls>> = {
  x64: {
    audit: 0xc000003e,
    foreign: 0x40000000,
    // ptrace, add_key, request_key, keyctl, perf_event_open, open_by_handle_at, bpf, userfaultfd
    refused: [101, 248, 249, 250, 298, 304, 321, 323, ...everywhere.refused],
    socket: 41,
    unshare: 272,
    clone: 56,
  },
  arm64: {
    audit: 0xc00000b7,
    foreign: null,
    refused: [117, 217, 218, 219, 241, 265, 280, 282, ...everywhere.refused],
    socket: 198,
    unshare: 97,
    clone: 220,
  },
};

/** Offsets in `struct seccomp_data`; of an argument the lower half, where all that is asked for is. */
const at = { number: 0, architecture: 4, firstArgument: 16 };
const operation = { load: 0x20, equal: 0x15, atLeast: 0x35, anyOf: 0x45, end: 0x06 };
const allow = 0x7fff0000;
const refuseWith = (errno: number): number => 0x00050000 + errno;
const notPermitted = refuseWith(1);
const notThere = refuseWith(38);
const vsock = 40;
const newUser = 0x10000000;

interface Step {
  readonly code: number;
  readonly value: number;
  /** Steps to pass over. */
  readonly whenTrue?: number;
  readonly whenFalse?: number;
}

/**
 * A program for the kernel's filter of system calls, as seccomp(2) takes it: what no test needs and holes in
 * kernels have been in. Keyrings, io_uring, the memory of other processes, sockets to the machine that this one is
 * a guest of, new user namespaces. What is refused says that it is not permitted; `clone3`, whose arguments no
 * filter can see, that it is not there, and libraries take `clone`.
 * @returns null for a processor that is not known here.
 */
export function callFilter(architecture: string): Buffer | null {
  const known = calls[architecture];
  if (known === undefined) return null;
  const { audit, foreign, refused, socket, unshare, clone } = known;
  const end = (value: number): Step => ({ code: operation.end, value });
  const load = (value: number): Step => ({ code: operation.load, value });
  const refuseCall = (number: number, errno = notPermitted): Step[] => [
    { code: operation.equal, value: number, whenFalse: 1 },
    end(errno),
  ];
  /** Of a call whose first argument decides. */
  const refuseWhere = (number: number, code: number, value: number): Step[] => [
    { code: operation.equal, value: number, whenFalse: 4 },
    load(at.firstArgument),
    { code, value, whenFalse: 1 },
    end(notPermitted),
    end(allow),
  ];
  const steps = [
    load(at.architecture),
    { code: operation.equal, value: audit, whenTrue: 1 },
    end(notThere),
    load(at.number),
    ...(foreign === null
      ? []
      : [{ code: operation.atLeast, value: foreign, whenFalse: 1 }, end(notThere)]),
    ...refused.flatMap((number) => refuseCall(number)),
    ...refuseCall(everywhere.clone3, notThere),
    ...refuseWhere(socket, operation.equal, vsock),
    ...refuseWhere(unshare, operation.anyOf, newUser),
    ...refuseWhere(clone, operation.anyOf, newUser),
    end(allow),
  ];
  return Buffer.concat(steps.map(encoded));
}

/** A `struct sock_filter`, as both processors order its bytes. */
function encoded({ code, value, whenTrue = 0, whenFalse = 0 }: Step): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16LE(code, 0);
  bytes.writeUInt8(whenTrue, 2);
  bytes.writeUInt8(whenFalse, 3);
  bytes.writeUInt32LE(value, 4);
  return bytes;
}
