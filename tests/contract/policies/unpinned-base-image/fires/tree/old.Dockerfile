from debian
