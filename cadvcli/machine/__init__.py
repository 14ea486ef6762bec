"""What the host is: ``read_machine`` puts together cAdvisor's ``MachineInfo`` from the kernel's files."""
