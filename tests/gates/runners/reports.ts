/** Reports as the tools themselves wrote them, shortened. */
export const surefire = `<?xml version="1.0" encoding="UTF-8"?>
<testsuite xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" version="3.0" name="a.AddTest$Inner" time="0.041" tests="5" errors="1" skipped="1" failures="2">
  <properties><property name="java.version" value="17"/></properties>
  <testcase name="one(int)[1]" classname="a.AddTest" time="0.185"/>
  <testcase name="adds" classname="a.AddTest" time="0.074">
    <failure message="expected: &lt;3&gt; but was: &lt;-1&gt;" type="org.opentest4j.AssertionFailedError"><![CDATA[org.opentest4j.AssertionFailedError: expected: <3> but was: <-1>
	at org.junit.jupiter.api.AssertEquals.assertEquals(AssertEquals.java:145)
	at a.AddTest.adds(AddTest.java:7)
	at java.base/java.lang.reflect.Method.invoke(Method.java:569)
]]></failure>
    <system-out><![CDATA[printed]]></system-out>
  </testcase>
  <testcase name="later" classname="a.AddTest" time="0.001">
    <skipped message="later"/>
  </testcase>
  <testcase name="raises" classname="a.AddTest$Inner" time="0.008">
    <error message="odd" type="java.lang.IllegalStateException"><![CDATA[java.lang.IllegalStateException: odd
	at a.AddTest$Inner.raises(AddTest.java:10)
]]></error>
  </testcase>
</testsuite>`;

export const surefireSetUp = `<?xml version="1.0" encoding="UTF-8"?>
<testsuite name="a.AppTest" time="0.142" tests="1" errors="1" skipped="0" failures="0">
  <testcase name="" classname="a.AppTest" time="0.142">
    <error message="up" type="java.lang.IllegalStateException"><![CDATA[java.lang.IllegalStateException: up
	at a.AppTest.up(AppTest.java:3)
]]></error>
  </testcase>
</testsuite>`;

export const phpunitReport = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="AddTest" file="/work/tests/AddTest.php" tests="3" errors="1" failures="1" skipped="1">
    <testcase name="testAdds" class="AddTest" classname="AddTest" file="/work/tests/AddTest.php" line="5" assertions="1">
      <failure type="PHPUnit\\Framework\\ExpectationFailedException">AddTest::testAdds
Failed asserting that -1 is identical to 3.

/work/tests/AddTest.php:6</failure>
    </testcase>
    <testcase name="testRisky" class="AddTest" classname="AddTest" file="/work/tests/AddTest.php" line="9">
      <error type="PHPUnit\\Framework\\RiskyTestError">AddTest::testRisky
This test did not perform any assertions</error>
    </testcase>
    <testsuite name="AddTest::testSum" tests="1">
      <testcase name="testSum with data set &quot;two&quot;" class="AddTest" classname="AddTest" file="/work/tests/AddTest.php" line="11"/>
    </testsuite>
  </testsuite>
</testsuites>`;

export const bunReport = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="bun test" tests="2" failures="1" skipped="1">
  <testsuite name="add.test.ts" file="add.test.ts" tests="2">
    <testsuite name="sums" file="add.test.ts" line="3">
      <testcase name="later" classname="sums" time="0" file="add.test.ts" line="3" assertions="0">
        <skipped message="TODO" />
      </testcase>
      <testsuite name="deep" file="add.test.ts" line="4">
        <testcase name="1 is 2" classname="deep &gt; sums" time="0.000024" file="add.test.ts" line="4">
          <failure type="AssertionError" message="expect(received).toBe(expected)&#10;&#10;Expected: 2&#10;Received: 1&#10;">AssertionError: expect(received).toBe(expected)&#10;&#10;Expected: 2&#10;Received: 1&#10;&#10;</failure>
        </testcase>
      </testsuite>
    </testsuite>
  </testsuite>
</testsuites>`;

/** Of \`dotnet test --logger trx\`, with xUnit. */
export const trx = `\ufeff<?xml version="1.0" encoding="utf-8"?>
<TestRun id="5b1b" name="@vm 2026-11-29" xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010">
  <Times creation="2026-11-29T13:00:00" start="2026-11-29T13:00:00" finish="2026-11-29T13:00:01" />
  <Results>
    <UnitTestResult executionId="e1" testId="t1" testName="Acme.Tests.AddTests.Adds(a: 1, b: 2)" computerName="vm" duration="00:00:00.01" outcome="Failed" testListId="l">
      <Output>
        <ErrorInfo>
          <Message>Assert.Equal() Failure: Values differ
Expected: 3
Actual:   -1</Message>
          <StackTrace>   at Acme.Tests.AddTests.Adds(Int32 a, Int32 b) in /work/tests/AddTests.cs:line 12
   at System.Reflection.MethodBaseInvoker.InvokeDirectByRefWithFewArgs()</StackTrace>
        </ErrorInfo>
      </Output>
    </UnitTestResult>
    <UnitTestResult executionId="e2" testId="t2" testName="Later" computerName="vm" outcome="NotExecuted" testListId="l">
      <Output><ErrorInfo><Message>later</Message></ErrorInfo></Output>
    </UnitTestResult>
    <UnitTestResult executionId="e3" testId="t3" testName="Acme.Tests.AddTests.Zero" computerName="vm" outcome="Passed" testListId="l" />
  </Results>
  <TestDefinitions>
    <UnitTest name="Acme.Tests.AddTests.Adds(a: 1, b: 2)" id="t1"><Execution id="e1" /><TestMethod codeBase="/work/bin/a.dll" className="Acme.Tests.AddTests" name="Adds" /></UnitTest>
    <UnitTest name="Later" id="t2"><Execution id="e2" /><TestMethod codeBase="/work/bin/a.dll" className="Acme.Tests.AddTests" name="Later" /></UnitTest>
    <UnitTest name="Acme.Tests.AddTests.Zero" id="t3"><Execution id="e3" /><TestMethod codeBase="/work/bin/a.dll" className="Acme.Tests.AddTests" name="Zero" /></UnitTest>
  </TestDefinitions>
  <ResultSummary outcome="Failed"><Counters total="3" executed="2" passed="1" failed="1" /></ResultSummary>
</TestRun>`;
