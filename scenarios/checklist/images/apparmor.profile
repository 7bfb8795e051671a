# What apparmor.bin was compiled from (make-images): may touch every file but one.
abi <abi/3.0>,
profile aios_checklist flags=(attach_disconnected) {
  /** rw,
  deny /tmp/checklist/forbidden rwx,
}
