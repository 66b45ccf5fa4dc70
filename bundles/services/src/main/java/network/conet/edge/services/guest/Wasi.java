package network.conet.edge.services.guest;

import static java.util.Map.entry;

import java.nio.ByteBuffer;
import java.util.Map;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.service.Capability;
import network.conet.edge.services.engine.HostStop;

/**
 * As much of WASI preview 1 as lets C and Rust programs run that only read their input and write their output: three
 * streams, no arguments, no environment, no files, no sockets. Source: the witx of {@code wasi_snapshot_preview1}.
 */
final class Wasi {
    private static final String MODULE = "wasi_snapshot_preview1";
    private static final int INPUT = 0;
    private static final int REPLY = 1;
    private static final int LOG = 2;
    private static final int VECTOR_BYTES = 8;
    private static final int VECTORS_MAX = 1024;
    private static final int FDSTAT_BYTES = 24;
    private static final int CHARACTER_DEVICE = 2;
    private static final int RANDOM_BYTES_MAX = 64 * 1024;
    private static final long NANOS_A_MILLI = 1_000_000;

    /** Functions of files, which libraries link whether they are used or not: no descriptor is a file. */
    private static final Map<String, String> FILES = Map.ofEntries(
            entry("fd_advise", "illi"), entry("fd_allocate", "ill"), entry("fd_datasync", "i"),
            entry("fd_fdstat_set_rights", "ill"), entry("fd_filestat_get", "ii"), entry("fd_filestat_set_size", "il"),
            entry("fd_filestat_set_times", "illi"), entry("fd_pread", "iiili"), entry("fd_prestat_dir_name", "iii"),
            entry("fd_prestat_get", "ii"), entry("fd_pwrite", "iiili"), entry("fd_readdir", "iiili"),
            entry("fd_renumber", "ii"), entry("fd_sync", "i"), entry("fd_tell", "ii"),
            entry("path_create_directory", "iii"), entry("path_filestat_get", "iiiii"),
            entry("path_filestat_set_times", "iiiilli"), entry("path_link", "iiiiiii"),
            entry("path_open", "iiiiillii"), entry("path_readlink", "iiiiii"), entry("path_remove_directory", "iii"),
            entry("path_rename", "iiiiii"), entry("path_symlink", "iiiii"), entry("path_unlink_file", "iii"));
    /** Functions of what is not there at all. */
    private static final Map<String, String> ABSENT = Map.of(
            "poll_oneoff", "iiii", "proc_raise", "i", "sock_accept", "iii", "sock_recv", "iiiiii",
            "sock_send", "iiiii", "sock_shutdown", "ii");

    private Wasi() {}

    static void offer() {
        free("fd_read", "iiii>i", Wasi::read);
        free("fd_write", "iiii>i", Wasi::write);
        free("fd_fdstat_get", "ii>i", Wasi::fdstat);
        free("fd_close", "i>i", (guest, a) -> isStream(a[0]) ? Errors.OK : Errors.WASI_BADF);
        free("fd_seek", "ilii>i", (guest, a) -> isStream(a[0]) ? Errors.WASI_SPIPE : Errors.WASI_BADF);
        free("fd_fdstat_set_flags", "ii>i", (guest, a) -> isStream(a[0]) ? Errors.OK : Errors.WASI_BADF);
        free("args_sizes_get", "ii>i", Wasi::nothing);
        free("args_get", "ii>i", (guest, a) -> Errors.OK);
        free("environ_sizes_get", "ii>i", Wasi::nothing);
        free("environ_get", "ii>i", (guest, a) -> Errors.OK);
        free("sched_yield", ">i", (guest, a) -> Errors.OK);
        FILES.forEach((name, types) -> free(name, types + ">i", (guest, a) -> Errors.WASI_BADF));
        ABSENT.forEach((name, types) -> free(name, types + ">i", (guest, a) -> Errors.WASI_NOSYS));
        free("proc_exit", "i", Wasi::exit);
        Imports.offer(MODULE, "clock_time_get", "ili>i", Capability.CLOCK, Wasi::time);
        Imports.offer(MODULE, "clock_res_get", "ii>i", Capability.CLOCK, Wasi::resolution);
        Imports.offer(MODULE, "random_get", "ii>i", Capability.RANDOM, Wasi::random);
    }

    private static void free(String name, String types, Imports.Action action) {
        Imports.offer(MODULE, name, types, null, action);
    }

    private static boolean isStream(long fd) {
        return (int) fd >= INPUT && (int) fd <= LOG;
    }

    private static long nothing(Guest guest, long[] a) {
        guest.writeInt(a[0], 0);
        guest.writeInt(a[1], 0);
        return Errors.OK;
    }

    private static long exit(Guest guest, long[] a) {
        throw (int) a[0] == 0 ? HostStop.exit() : HostStop.because(RefuseReason.GUEST_FAILED);
    }

    /** Arguments: stream, vectors (address and length of each, little-endian), their number, where the count goes. */
    private static long read(Guest guest, long[] a) {
        if ((int) a[0] != INPUT) {
            return Errors.WASI_BADF;
        }
        ByteBuffer vectors = vectors(guest, a);
        if (vectors == null) {
            return Errors.WASI_INVAL;
        }
        int total = 0;
        while (vectors.hasRemaining()) {
            int address = vectors.getInt();
            int length = vectors.getInt();
            byte[] read = guest.call().readInput(length < 0 ? Integer.MAX_VALUE : length);
            guest.write(address, read);
            total += read.length;
        }
        guest.writeInt(a[3], total);
        return Errors.OK;
    }

    private static long write(Guest guest, long[] a) {
        int stream = (int) a[0];
        if (stream != REPLY && stream != LOG) {
            return Errors.WASI_BADF;
        }
        ByteBuffer vectors = vectors(guest, a);
        if (vectors == null) {
            return Errors.WASI_INVAL;
        }
        int total = 0;
        while (vectors.hasRemaining()) {
            long address = Integer.toUnsignedLong(vectors.getInt());
            long end = address + Integer.toUnsignedLong(vectors.getInt());
            // Piece by piece: a guest that writes all of its memory makes the host hold little of it at a time.
            do {
                byte[] bytes = guest.read(address, Math.min(end - address, GuestCall.PART_BYTES));
                address += bytes.length;
                total += bytes.length;
                if (stream == REPLY) {
                    guest.call().write(bytes);
                } else {
                    guest.call().log(bytes);
                }
            } while (address < end);
        }
        guest.writeInt(a[3], total);
        return Errors.OK;
    }

    private static ByteBuffer vectors(Guest guest, long[] a) {
        int count = (int) a[2];
        return count < 0 || count > VECTORS_MAX ? null : Guest.little(guest.read(a[1], (long) count * VECTOR_BYTES));
    }

    private static long fdstat(Guest guest, long[] a) {
        if (!isStream(a[0])) {
            return Errors.WASI_BADF;
        }
        // Type, flags, rights: all rights of a stream, which are checked where they are used.
        ByteBuffer stat = Guest.little(new byte[FDSTAT_BYTES]).put(0, (byte) CHARACTER_DEVICE).putLong(8, -1);
        guest.write(a[1], stat.array());
        return Errors.OK;
    }

    private static long time(Guest guest, long[] a) {
        long nanos = guest.call().host.epochMillis() * NANOS_A_MILLI;
        guest.write(a[2], Guest.little(new byte[Long.BYTES]).putLong(nanos).array());
        return Errors.OK;
    }

    private static long resolution(Guest guest, long[] a) {
        guest.write(a[1], Guest.little(new byte[Long.BYTES]).putLong(NANOS_A_MILLI).array());
        return Errors.OK;
    }

    private static long random(Guest guest, long[] a) {
        int length = (int) a[1];
        if (length < 0 || length > RANDOM_BYTES_MAX) {
            return Errors.WASI_INVAL;
        }
        byte[] bytes = new byte[length];
        guest.call().host.random(bytes);
        guest.write(a[0], bytes);
        return Errors.OK;
    }
}
