"""Files as shell tests, and the cases of the unit test programs one by one."""

import os
import subprocess

import lit.formats
import lit.Test


class AmosFormat(lit.formats.ShTest):
    def __init__(self, programs):
        super().__init__(execute_external=False)
        self.programs = programs

    def getTestsInDirectory(self, suite, path, litConfig, localConfig):
        if path == ("unit",):
            yield from self.getUnitTests(suite, path, localConfig)
        yield from super().getTestsInDirectory(suite, path, litConfig, localConfig)

    def getUnitTests(self, suite, path, localConfig):
        if not os.path.isdir(self.programs):
            return
        for program in sorted(os.listdir(self.programs)):
            if not program.endswith("Tests"):
                continue
            listing = subprocess.run(
                [os.path.join(self.programs, program), "--list-test-names-only"],
                stdout=subprocess.PIPE, universal_newlines=True)
            for case in filter(None, map(str.strip, listing.stdout.splitlines())):
                yield lit.Test.Test(suite, path + (program, case), localConfig)

    def execute(self, test, litConfig):
        if test.path_in_suite[0] != "unit" or len(test.path_in_suite) != 3:
            return super().execute(test, litConfig)
        program, case = test.path_in_suite[1:]
        # Catch2 reads commas and brackets in names as operators.
        for operator in "\\,[":
            case = case.replace(operator, "\\" + operator)
        run = subprocess.run(
            [os.path.join(self.programs, program), case],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True)
        # A name that no case has is no failure to Catch2.
        passed = run.returncode == 0 and "No test cases matched" not in run.stdout
        return (lit.Test.PASS if passed else lit.Test.FAIL), run.stdout
