/* Links every function of WASI preview 1, with the types of wasi-libc, to have them all accepted by the host. */
#include <wasi/api.h>

typedef void (*function)(void);

static volatile function all[] = {
    (function)__wasi_args_get,
    (function)__wasi_args_sizes_get,
    (function)__wasi_clock_res_get,
    (function)__wasi_clock_time_get,
    (function)__wasi_environ_get,
    (function)__wasi_environ_sizes_get,
    (function)__wasi_fd_advise,
    (function)__wasi_fd_allocate,
    (function)__wasi_fd_close,
    (function)__wasi_fd_datasync,
    (function)__wasi_fd_fdstat_get,
    (function)__wasi_fd_fdstat_set_flags,
    (function)__wasi_fd_fdstat_set_rights,
    (function)__wasi_fd_filestat_get,
    (function)__wasi_fd_filestat_set_size,
    (function)__wasi_fd_filestat_set_times,
    (function)__wasi_fd_pread,
    (function)__wasi_fd_prestat_dir_name,
    (function)__wasi_fd_prestat_get,
    (function)__wasi_fd_pwrite,
    (function)__wasi_fd_read,
    (function)__wasi_fd_readdir,
    (function)__wasi_fd_renumber,
    (function)__wasi_fd_seek,
    (function)__wasi_fd_sync,
    (function)__wasi_fd_tell,
    (function)__wasi_fd_write,
    (function)__wasi_path_create_directory,
    (function)__wasi_path_filestat_get,
    (function)__wasi_path_filestat_set_times,
    (function)__wasi_path_link,
    (function)__wasi_path_open,
    (function)__wasi_path_readlink,
    (function)__wasi_path_remove_directory,
    (function)__wasi_path_rename,
    (function)__wasi_path_symlink,
    (function)__wasi_path_unlink_file,
    (function)__wasi_poll_oneoff,
    (function)__wasi_proc_exit,
    (function)__wasi_random_get,
    (function)__wasi_sched_yield,
    (function)__wasi_sock_accept,
    (function)__wasi_sock_recv,
    (function)__wasi_sock_send,
    (function)__wasi_sock_shutdown,
};

__attribute__((export_name("conet_call"))) int conet_call(void) {
  int count = 0;
  for (unsigned i = 0; i < sizeof all / sizeof *all; i++) count += all[i] != 0;
  return count - (int)(sizeof all / sizeof *all);
}
