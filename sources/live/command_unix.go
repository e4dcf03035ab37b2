//go:build !windows

package live

import (
	"os/exec"
	"syscall"
)

// detach gives a command a session of its own, which has no terminal, and ends what it started with it.
func detach(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}
